using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Rules.UserLists;

/// <summary>A list of users of the running configuration: immutable.</summary>
internal sealed class UserList
{
    private readonly User[] _users;
    private readonly User? _decoy; // whose password is looked at where there is no user

    /// <exception cref="RuleFaultException">The options are faulty.</exception>
    public UserList(UserListOptions options)
    {
        Name = options.Name;
        var groups = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var user in options.Users)
        {
            if (!groups.TryAdd(user.Name, [.. user.Groups]))
            {
                throw new RuleFaultException($"user '{user.Name}' is defined twice in userlist '{options.Name}'");
            }
        }

        foreach (var group in options.Groups)
        {
            foreach (var user in group.Users)
            {
                (groups.GetValueOrDefault(user)
                    ?? throw new RuleFaultException($"userlist '{options.Name}': no such user '{user}' specified in group '{group.Name}'"))
                    .Add(group.Name);
            }
        }

        GroupNames = [.. options.Groups.Select(static group => group.Name).Concat(groups.Values.SelectMany(static names => names)).Distinct()];
        _users = [.. options.Users.Select(user => new User(user, groups[user.Name]))];
        _decoy = Array.Find(_users, static u => !u.IsPlainText) ?? _users.FirstOrDefault();
    }

    public string Name { get; }

    /// <summary>All groups, for whoever checks that one exists.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>Whether there is a user of the name with the password. Takes milliseconds where the list has a hash.</summary>
    public bool IsRight(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password) => Find(name) is { } user && user.IsRight(password);

    /// <summary>Whether there is a password in plain text, which whoever reads the configuration knows.</summary>
    public bool HasPlainText => Array.Exists(_users, static u => u.IsPlainText);

    /// <summary>The same as <see cref="IsRight"/>, taking as long for a name that nobody has, so that names cannot be found out by the clock.</summary>
    public bool IsRightTellingNothing(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        var user = Find(name);
        var isRight = (user ?? _decoy)?.IsRight(password) == true;
        return isRight && user is not null;
    }

    /// <summary>The groups that a user is in, in the order in which they are named.</summary>
    public ReadOnlySpan<byte[]> GroupsOf(ReadOnlySpan<byte> name) => Find(name)?.Groups;

    private User? Find(ReadOnlySpan<byte> name)
    {
        foreach (var user in _users)
        {
            if (name.SequenceEqual(user.Name))
            {
                return user;
            }
        }

        return null;
    }

    private sealed class User
    {
        private readonly byte[]? _password;
        private readonly PasswordHash? _hash;

        public User(UserOptions options, IEnumerable<string> groups)
        {
            Name = Encoding.UTF8.GetBytes(options.Name);
            Groups = [.. groups.Distinct().Select(Encoding.UTF8.GetBytes)];
            _password = options.InsecurePassword is { } password ? Encoding.UTF8.GetBytes(password) : null;
            if (options.PasswordHash is { } hash && !PasswordHash.TryParse(hash, out _hash))
            {
                throw new RuleFaultException($"user '{options.Name}': the password's hash is of no known kind: $5$, $6$, $pbkdf2-sha256$ and $pbkdf2-sha512$ are");
            }
        }

        public byte[] Name { get; }

        public byte[][] Groups { get; }

        public bool IsPlainText => _hash is null && _password is not null;

        public bool IsRight(ReadOnlySpan<byte> password) =>
            _hash is not null ? _hash.Matches(password) : _password is not null && CryptographicOperations.FixedTimeEquals(password, _password);
    }
}
