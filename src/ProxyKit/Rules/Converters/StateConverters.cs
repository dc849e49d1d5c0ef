using System.Diagnostics.CodeAnalysis;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>What the proxy knows of the backend, server or frontend that a text names.</summary>
internal static class StateConverters
{
    private delegate bool ServerQuestion(Server server, ref Sample sample);

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("nbsrv", SampleType.String, Integer, static use =>
        {
            var backends = new NameTable<Backend>(use.Compiler.Backends);
            return (_, ref sample) => backends.TryGet(sample.Bytes, out var backend) && sample.Set(backend.CandidateCount);
        }),

        Converter.Of("srv_queue", SampleType.String, Integer, static use => OfServer(use, static (server, ref s) => s.Set(server.QueuedRequests))),
        Converter.Of("srv_is_up", SampleType.String, SampleType.Boolean, static use => OfServer(use, static (server, ref s) => s.Set(server.IsUp))),
        Converter.Of("fe_exists", SampleType.String, SampleType.Boolean, static use =>
        {
            var frontends = new NameTable<FrontendFacts>(use.Compiler.Frontends);
            return (_, ref sample) => sample.Set(frontends.TryGet(sample.Bytes, out FrontendFacts? _));
        }),
    ];

    private static SampleConverter OfServer(KeywordUse use, ServerQuestion question)
    {
        var backends = new NameTable<Backend>(use.Compiler.Backends);
        return (context, ref sample) =>
        {
            var slash = sample.Bytes.IndexOf((byte)'/');
            var backend = context.Backend;
            if (slash >= 0 && !backends.TryGet(sample.Bytes[..slash], out backend))
            {
                return false;
            }

            return backend is not null && TryFind(backend, sample.Bytes[(slash + 1)..], out var server) && question(server, ref sample);
        };
    }

    private static bool TryFind(Backend backend, ReadOnlySpan<byte> name, [NotNullWhen(true)] out Server? server)
    {
        foreach (var candidate in backend.Servers)
        {
            if (Ascii.Equals(name, candidate.Name))
            {
                server = candidate;
                return true;
            }
        }

        server = null;
        return false;
    }
}
