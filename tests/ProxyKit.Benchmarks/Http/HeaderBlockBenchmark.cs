using BenchmarkDotNet.Attributes;
using ProxyKit.Benchmarks.Http1;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Benchmarks.Http;

/// <summary>What a browser's header fields cost to search and to pass on, untouched and with the usual edits.</summary>
[MemoryDiagnoser]
public class HeaderBlockBenchmark
{
    private readonly RequestHead _untouched = Read();
    private readonly RequestHead _edited = Read();
    private readonly byte[] _destination = new byte[16384];

    [GlobalSetup]
    public void Edit()
    {
        _edited.Headers.RemoveAll(KnownHeader.Connection);
        _edited.Headers.Set("user-agent"u8, "x"u8);
        _edited.Headers.Add("x-forwarded-for"u8, "203.0.113.7"u8);
    }

    [Benchmark(Baseline = true)]
    public int Write_untouched() => _untouched.Headers.WriteTo(_destination);

    [Benchmark]
    public int Write_edited() => _edited.Headers.WriteTo(_destination);

    [Benchmark]
    public int Find_a_known_field() => _untouched.Headers.IndexOf(KnownHeader.Cookie);

    [Benchmark]
    public bool Find_a_field_by_name() => _untouched.Headers.TryGetBytes("Accept-Language", out _);

    [Benchmark]
    public bool Find_no_field_by_name() => _untouched.Headers.TryGetBytes("X-Request-Id", out _);

    private static RequestHead Read()
    {
        var bytes = SampleHeads.Browser;
        var head = new RequestHead();
        var parser = new RequestHeadParser();
        parser.Start(head, bytes, 0);
        parser.Parse(bytes.Length);
        return head;
    }
}
