using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>A way for clients to say who they are.</summary>
public abstract class AuthenticationSchemeOptions
{
    private protected AuthenticationSchemeOptions()
    {
    }

    /// <summary>Which requests need not bring it.</summary>
    /// <value>Null by default: all have to.</value>
    public Condition? Unless { get; set; }

    /// <summary>What is wrong with it: sentences without their full stops.</summary>
    internal abstract IEnumerable<string> Faults();

    /// <summary>Makes it ready.</summary>
    /// <exception cref="RuleFaultException">It names something that is not there.</exception>
    /// <exception cref="FormatException">A file cannot be read.</exception>
    internal abstract Authenticator Create(SchemeSetup setup);
}
