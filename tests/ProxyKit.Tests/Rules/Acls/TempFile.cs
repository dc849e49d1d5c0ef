namespace ProxyKit.Tests.Rules.Acls;

/// <summary>A file of patterns for the time of a test.</summary>
internal sealed class TempFile : IDisposable
{
    public TempFile(string content) => File.WriteAllText(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"patterns-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
