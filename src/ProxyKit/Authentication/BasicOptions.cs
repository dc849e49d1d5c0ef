using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>Which names and passwords are believed (RFC 7617).</summary>
public sealed class BasicOptions : AuthenticationSchemeOptions
{
    /// <summary>The list that has them, of <see cref="ProxyOptions.UserLists"/>. A user's name becomes the claim <c>sub</c>, his groups the claim
    /// <c>groups</c>.</summary>
    public required string UserList { get; init; }

    /// <summary>Whether the list may have passwords in plain text. For trials.</summary>
    /// <value>False by default: such a list is refused.</value>
    public bool AllowsPlainText { get; set; }

    /// <summary>How long a password that was right is remembered, since to look at its hash takes milliseconds. What is kept tells nothing of it.</summary>
    /// <value>5 minutes by default; up to a day; null to look each time.</value>
    public TimeSpan? RememberFor { get; set; } = TimeSpan.FromMinutes(5);

    internal override IEnumerable<string> Faults()
    {
        if (string.IsNullOrEmpty(UserList))
        {
            yield return $"{nameof(UserList)}: a name is needed";
        }

        if (RememberFor <= TimeSpan.Zero || RememberFor > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(RememberFor)}: {RememberFor} is out of range (more than 0, at most a day; null for not at all)";
        }
    }

    internal override Authenticator Create(SchemeSetup setup)
    {
        var list = setup.Compiler.UserListFor(UserList);
        return !list.HasPlainText || AllowsPlainText
            ? new BasicAuthenticator(list, RememberFor, setup.Time)
            : throw new RuleFaultException(
                $"userlist '{UserList}' has a password in plain text, which whoever reads the configuration knows; write its hash, or set {nameof(AllowsPlainText)} for trials");
    }
}
