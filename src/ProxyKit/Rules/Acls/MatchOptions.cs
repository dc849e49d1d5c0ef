namespace ProxyKit.Rules.Acls;

/// <summary>How a condition over a value compares, and where its patterns come from; HAProxy: the flags of an ACL.</summary>
public sealed class MatchOptions
{
    /// <summary>How to compare. HAProxy: <c>-m</c>.</summary>
    /// <value>Null, the default, for what suits the value: numbers by <see cref="MatchMethod.Integer"/>, addresses by
    /// <see cref="MatchMethod.Address"/>, text by <see cref="MatchMethod.Exact"/>, truth by <see cref="MatchMethod.Boolean"/>. Binary values,
    /// and those whose type only the exchange can tell, need one.</value>
    public MatchMethod? Method { get; set; }

    /// <summary>Whether the case of ASCII letters does not matter. HAProxy: <c>-i</c>.</summary>
    /// <value>False by default. Numbers, addresses, binary values and methods do not look at it.</value>
    public bool IgnoreCase { get; set; }

    /// <summary>Files with further patterns, one in a line; blanks around them and lines that begin with <c>#</c> do not count.
    /// HAProxy: <c>-f</c>.</summary>
    /// <value>None by default. <c>opt@name</c> may be missing, <c>virt@name</c> has no file and begins empty; both exist to be filled
    /// while the proxy runs. All conditions, maps and actions of a configuration that name a file share it.</value>
    public IList<string> Files { get; } = [];

    /// <summary>Whether the files are maps, whose keys are the patterns. HAProxy: <c>-M</c>.</summary>
    /// <value>False by default: the whole line is the pattern.</value>
    public bool AsMap { get; set; }

    /// <summary>Whether names do not stand for addresses among the patterns of <see cref="MatchMethod.Address"/>. HAProxy: <c>-n</c>.</summary>
    /// <value>False by default: a name is resolved, once, when the condition is made.</value>
    public bool NoDns { get; set; }

    /// <summary>A number by which the patterns can be changed while the proxy runs. HAProxy: <c>-u</c>.</summary>
    /// <value>Null by default; at least 0, and once in a configuration.</value>
    public int? Id { get; set; }
}
