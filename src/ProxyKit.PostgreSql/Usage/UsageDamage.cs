namespace ProxyKit.PostgreSql.Usage;

/// <summary>A place of a gateway's journal that could not be read when its usage was brought to the database: what was used there is in no sum.</summary>
/// <param name="Gateway">The gateway, by <see cref="PostgreSqlOptions.Gateway"/>.</param>
/// <param name="Place">The place: file, offset and length, in words.</param>
/// <param name="FoundAt">When that was found.</param>
public sealed record UsageDamage(string Gateway, string Place, DateTimeOffset FoundAt)
{
    /// <summary>Says it to people.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"gateway {Gateway}: {Place}";
}
