namespace ProxyKit.Backends;

/// <summary>What a connection to a server begins with, before anything of a client's. Whoever connects knows what it is.</summary>
internal interface IGreeting;
