using BenchmarkDotNet.Attributes;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Benchmarks.Http1;

/// <summary>What reading a head costs: in one piece, as nearly all come, and byte by byte, as the slowest of attackers sends it.</summary>
[MemoryDiagnoser]
public class RequestHeadParserBenchmark
{
    private readonly RequestHeadParser _requests = new();
    private readonly ResponseHeadParser _responses = new();
    private readonly RequestHead _request = new();
    private readonly ResponseHead _answer = new();
    private readonly byte[] _curl = SampleHeads.Curl;
    private readonly byte[] _browser = SampleHeads.Browser;
    private readonly byte[] _response = SampleHeads.Response;

    [Benchmark(Baseline = true)]
    public int Request_of_curl() => Read(_curl);

    [Benchmark]
    public int Request_of_a_browser() => Read(_browser);

    [Benchmark]
    public int Request_of_a_browser_byte_by_byte()
    {
        _requests.Start(_request, _browser, 0);
        var end = 0;
        ParseResult result;
        do
        {
            result = _requests.Parse(++end);
        }
        while (result.Status == ParseStatus.Incomplete);

        return result.Consumed;
    }

    [Benchmark]
    public int Response()
    {
        _responses.Start(_answer, _response, 0, RequestMethod.Get);
        return _responses.Parse(_response.Length).Consumed;
    }

    private int Read(byte[] head)
    {
        _requests.Start(_request, head, 0);
        return _requests.Parse(head.Length).Consumed;
    }
}
