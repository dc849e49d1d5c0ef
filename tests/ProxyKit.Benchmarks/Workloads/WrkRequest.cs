namespace ProxyKit.Benchmarks.Workloads;

/// <summary>What wrk asks for, again and again, on 64 connections.</summary>
/// <param name="Path">Of the origin's answers: a slash and the number of bytes.</param>
/// <param name="ClosesConnection">Whether each request asks to close the connection after it.</param>
internal sealed record WrkRequest(string Path, bool ClosesConnection = false)
{
    public int BodyLength => int.Parse(Path.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
}
