namespace ProxyKit.PostgreSql.Schema;

/// <summary>One step from one version of the tables to the next. Applied once, in a transaction, and never changed once it was released.</summary>
/// <param name="Number">The version it leads to.</param>
/// <param name="Sql">What it does, in the schema that the search path names.</param>
internal sealed record Migration(int Number, string Sql);
