namespace ProxyKit.Tool.CommandLines;

/// <summary>A command line cannot be read further. It stays inside the parser, which makes a result of it.</summary>
/// <param name="fault">What is wrong; null where the words are not understood.</param>
internal sealed class CommandLineException(string? fault = null) : Exception(fault)
{
    public string? Fault { get; } = fault;
}
