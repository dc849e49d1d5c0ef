namespace ProxyKit.Rules.Converters;

/// <summary>The latest lines of <c>debug</c> converters that write to no stream: HAProxy's ring of the same name.</summary>
internal sealed class DebugLines
{
    /// <summary>The name of the ring that they write to unless they say otherwise.</summary>
    public const string DefaultName = "buf0";

    private const int MaxLines = 1024;

    private readonly Lock _lock = new(); // guards the lines
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    /// <summary>All lines that are kept, the oldest first.</summary>
    public string[] ToArray()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }
}
