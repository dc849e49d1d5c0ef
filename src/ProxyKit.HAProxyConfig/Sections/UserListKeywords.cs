using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The users and groups of a <c>userlist</c>.</summary>
internal static class UserListKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("group", Section.Userlist, "<name> [users <user>,...]", Group),
        Keyword.Runs("user", Section.Userlist, "<name> [{password|insecure-password} <password>] [groups <group>,...]", User),
    ];

    private static void Group(Statement s)
    {
        var list = (UserListSection)s.Target!; // its keywords stand in nothing else
        if (list.Options.Groups.Any(g => g.Name == s[0]))
        {
            s.Diagnostics.Narrow(DiagnosticSeverity.Warning, s.PlaceOf(0), $"ignoring duplicated group '{s[0]}' in userlist '{list.Options.Name}'.");
            return;
        }

        var group = new UserGroupOptions { Name = s[0] };
        for (var i = 1; i < s.Count; i += 2)
        {
            if (s[i] != "users")
            {
                Alert(s, i, $"unknown parameter '{s[i]}' in group '{s[0]}'; 'users' is one.");
                return;
            }

            Divide(s[i + 1], group.Users);
        }

        list.Options.Groups.Add(group);
        list.Places[group] = s.PlaceOf(0);
    }

    private static void User(Statement s)
    {
        var list = (UserListSection)s.Target!; // its keywords stand in nothing else
        if (list.Options.Users.Any(u => u.Name == s[0]))
        {
            s.Diagnostics.Narrow(DiagnosticSeverity.Warning, s.PlaceOf(0), $"ignoring duplicated user '{s[0]}' in userlist '{list.Options.Name}'.");
            return;
        }

        var user = new UserOptions { Name = s[0] };
        for (var i = 1; i < s.Count; i += 2)
        {
            if (!Read(s, i, user))
            {
                return;
            }
        }

        list.Options.Users.Add(user);
        list.Places[user] = s.PlaceOf(0);
    }

    /// <summary>Reads a parameter of a user; of two passwords the later one counts.</summary>
    private static bool Read(Statement s, int index, UserOptions user)
    {
        if (index + 1 >= s.Count && s[index] is "password" or "insecure-password")
        {
            Alert(s, index, $"'{s[index]}' of user '{s[0]}' expects <password>.");
            return false;
        }

        var value = s[index + 1];
        switch (s[index])
        {
            case "password" when !HasKnownHash(value):
                Alert(s, index + 1, $"the encrypted password of user '{s[0]}' is of a kind that is not supported: '$5$' and '$6$' are.");
                return false;
            case "password":
                (user.PasswordHash, user.InsecurePassword) = (value, null);
                return true;
            case "insecure-password":
                (user.PasswordHash, user.InsecurePassword) = (null, value);
                return true;
            case "groups":
                Divide(value, user.Groups);
                return true;
            default:
                if (index > 1 && s[index - 2] is "password" or "insecure-password") // of which it may be the rest
                {
                    Alert(s, index, $"unknown parameter behind the password of user '{s[0]}'; 'groups' is one, and a password with blanks in it stands in quotes.");
                    return false;
                }

                Alert(s, index, $"unknown parameter '{s[index]}' of user '{s[0]}'; 'password', 'insecure-password' and 'groups' are such.");
                return false;
        }
    }

    /// <summary>HAProxy leaves out the blank behind the place in these sections.</summary>
    private static void Alert(Statement s, int index, string message) =>
        s.Diagnostics.Narrow(DiagnosticSeverity.Alert, s.PlaceOf(index), message);

    private static bool HasKnownHash(string text) =>
        text.StartsWith("$5$", StringComparison.Ordinal) || text.StartsWith("$6$", StringComparison.Ordinal);

    private static void Divide(string names, IList<string> into)
    {
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            into.Add(name);
        }
    }
}
