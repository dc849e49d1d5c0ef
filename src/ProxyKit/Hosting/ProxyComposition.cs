namespace ProxyKit.Hosting;

/// <summary>What one part of a program says of its proxy. There may be several.</summary>
/// <param name="Configure">Says it.</param>
internal sealed record ProxyComposition(Action<IServiceProvider, ProxyBuilder> Configure);
