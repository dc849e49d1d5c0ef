namespace ProxyKit.Tool;

/// <summary>What the process tells whoever started it.</summary>
internal static class ExitCodes
{
    /// <summary>It did what it was asked for; the condition of <c>-cc</c> holds.</summary>
    public const int Done = 0;

    /// <summary>A configuration or command line cannot be used; the condition of <c>-cc</c> does not hold.</summary>
    public const int Failed = 1;

    /// <summary>The condition of <c>-cc</c> cannot be read.</summary>
    public const int Unreadable = 2;

    /// <summary>SIGINT ended it; what a shell reports of a process that the signal killed.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM ended it; HAProxy's unit files count on this number.</summary>
    public const int Terminated = 143;
}
