namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>Tests that leave the server running share one.</summary>
[CollectionDefinition(nameof(SharedServer))]
public sealed class SharedServer : ICollectionFixture<PostgresServer>;
