namespace ProxyKit.Rules.Acls;

/// <summary>An entry of a list is no pattern of the list's style.</summary>
internal sealed class PatternFaultException(string message, PatternEntry entry, Exception inner) : Exception(message, inner)
{
    public PatternEntry Entry => entry;
}
