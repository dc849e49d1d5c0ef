using ProxyKit.Rules;

namespace ProxyKit.Authentication;

/// <summary>What schemes are made ready with.</summary>
/// <param name="Compiler">Finds what they name.</param>
/// <param name="KeysOf">The keys of an issuer, which outlive configurations.</param>
internal sealed record SchemeSetup(RuleCompiler Compiler, Func<IssuerKeysSettings, IssuerKeys> KeysOf)
{
    public TimeProvider Time => Compiler.Time;
}
