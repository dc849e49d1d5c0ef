namespace ProxyKit.PostgreSql.Schema;

/// <summary>The tables were made by a later version of this package, which may count in ways that this one does not know.</summary>
public sealed class SchemaTooNewException : Exception
{
    internal SchemaTooNewException(string database, int found, int known)
        : base($"The tables in {database} are of version {found}; this gateway knows them up to version {known}, and leaves them alone.")
    {
    }
}
