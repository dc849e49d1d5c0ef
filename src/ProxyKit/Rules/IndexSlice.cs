namespace ProxyKit.Rules;

/// <summary>A part of a list of numbers that many slices share.</summary>
internal readonly record struct IndexSlice(int Start, int End)
{
    public bool IsEmpty => Start == End;

    public int Length => End - Start;
}
