// Placeholder: the sample follows.
Console.WriteLine("ProxyKit");
