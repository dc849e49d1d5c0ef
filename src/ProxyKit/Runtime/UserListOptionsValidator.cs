using ProxyKit.Rules.UserLists;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with lists of users.</summary>
internal static class UserListOptionsValidator
{
    public static void Validate(ProxyOptions options, FaultPath root)
    {
        foreach (var (list, position) in root.Elements(nameof(options.UserLists), options.UserLists))
        {
            Validate(list, root.In("user list", list.Name, position));
        }

        root.CheckUnique(nameof(options.UserLists), options.UserLists.Select(static l => l?.Name));
    }

    private static void Validate(UserListOptions list, FaultPath path)
    {
        path.CheckName(list.Name);
        foreach (var (user, position) in path.Elements(nameof(list.Users), list.Users))
        {
            var place = path.In("user", user.Name, position);
            CheckName(user.Name, place);
            CheckNames(nameof(user.Groups), user.Groups, place);
            if (user.PasswordHash is { } hash && !PasswordHash.TryParse(hash, out _))
            {
                place.Add(nameof(user.PasswordHash), "the hash is of no known kind: $5$, $6$, $pbkdf2-sha256$ and $pbkdf2-sha512$ are, each with its salt and its sum");
            }
        }

        path.CheckUnique(nameof(list.Users), list.Users.Select(static u => u?.Name));
        var names = list.Users.Select(static u => u?.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (group, position) in path.Elements(nameof(list.Groups), list.Groups))
        {
            var place = path.In("group", group.Name, position);
            CheckName(group.Name, place);
            CheckNames(nameof(group.Users), group.Users, place);
            foreach (var user in group.Users.Where(user => !string.IsNullOrEmpty(user) && !names.Contains(user)))
            {
                place.Add(nameof(group.Users), $"there is no user {FaultPath.Quote(user)} in the list");
            }
        }

        path.CheckUnique(nameof(list.Groups), list.Groups.Select(static g => g?.Name));
    }

    /// <summary>A client may have any name that can be sent.</summary>
    private static void CheckName(string? name, FaultPath path)
    {
        if (string.IsNullOrEmpty(name))
        {
            path.Add("Name", "a name is needed");
        }
    }

    private static void CheckNames(string property, IEnumerable<string?> names, FaultPath path)
    {
        if (names.Any(string.IsNullOrEmpty))
        {
            path.Add(property, "one has no name");
        }
    }
}
