using System.Diagnostics.CodeAnalysis;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Exchanges;

/// <summary>Where a route leads: to one backend, or to the one whose name an expression yields.</summary>
internal readonly struct RouteTarget
{
    private readonly BackendPolicy? _fixed;
    private readonly CompiledExpression? _name;
    private readonly Dictionary<string, BackendPolicy>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public RouteTarget(BackendPolicy backend) => _fixed = backend;

    public RouteTarget(CompiledExpression name, Dictionary<string, BackendPolicy> byName)
    {
        _name = name;
        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Finds the backend; false where the expression names none, which is no error: the default backend serves then.</summary>
    public bool TryFind(RuleContext context, [NotNullWhen(true)] out BackendPolicy? backend)
    {
        if (_name is null)
        {
            backend = _fixed!; // one or the other was given
            return true;
        }

        const int LongestName = 256;
        var sample = default(Sample);
        backend = null;
        if (!_name.TryEvaluate(context, SampleType.String, ref sample) || sample.Bytes.Length > LongestName)
        {
            return false;
        }

        Span<char> name = stackalloc char[LongestName];
        var length = Encoding.Latin1.GetChars(sample.Bytes, name);
        return _byName.TryGetValue(name[..length], out backend);
    }
}
