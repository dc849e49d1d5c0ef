namespace ProxyKit.Rules.UserLists;

/// <summary>Users who may be asked for a name and a password, and the groups they are in. HAProxy: <c>userlist</c>.</summary>
public sealed class UserListOptions
{
    /// <summary>The name, for the fetches and actions that ask the list; unique among user lists.</summary>
    public required string Name { get; init; }

    /// <summary>The users; their names are unique in the list.</summary>
    public IList<UserOptions> Users { get; } = [];

    /// <summary>The groups, so far as they are to have users named here; a group that only users name needs no entry.</summary>
    public IList<UserGroupOptions> Groups { get; } = [];
}

/// <summary>A user of a list. HAProxy: <c>user</c>.</summary>
public sealed class UserOptions
{
    /// <summary>The name, with case.</summary>
    public required string Name { get; init; }

    /// <summary>The password's hash as crypt(3) has it, of a password of 511 bytes at most: <c>$5$…</c> (SHA-256) or <c>$6$…</c> (SHA-512); or by PBKDF2,
    /// <c>$pbkdf2-sha256$rounds$salt$hash</c> (or <c>sha512</c>), salt and hash in base64. HAProxy: <c>password</c>.</summary>
    /// <value>Null by default. A user with neither this nor <see cref="InsecurePassword"/> is never right.</value>
    public string? PasswordHash { get; set; }

    /// <summary>The password itself, for trials; the hash wins where both are there. HAProxy: <c>insecure-password</c>.</summary>
    /// <value>Null by default.</value>
    public string? InsecurePassword { get; set; }

    /// <summary>The groups that the user is in. HAProxy: <c>groups</c>.</summary>
    public IList<string> Groups { get; } = [];
}

/// <summary>A group of users of a list. HAProxy: <c>group</c>.</summary>
public sealed class UserGroupOptions
{
    /// <summary>The name, with case; unique in the list.</summary>
    public required string Name { get; init; }

    /// <summary>Users who are in it, besides those who say so themselves; each must be one of the list.</summary>
    public IList<string> Users { get; } = [];
}
