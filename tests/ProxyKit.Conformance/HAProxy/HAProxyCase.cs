using System.Globalization;
using System.Text;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>A configuration in HAProxy's language, what clients send to it and what servers answer. It runs on ProxyKit and, where it is
/// installed, on HAProxy, and the two must say the same.</summary>
/// <remarks>In the configuration <c>{port}</c> is the port that clients connect to, <c>{s1}</c> to <c>{s4}</c> are the addresses of servers,
/// <c>{p1}</c> to <c>{p4}</c> their ports,
/// <c>{dns}</c> that of a nameserver, <c>{dead}</c> one that refuses connections, and <c>{dir}</c> a directory with the case's files. In requests <c>{date}</c>
/// is now as sticky cookies have it, <c>{date-90}</c> 90 seconds ago.</remarks>
public sealed class HAProxyCase
{
    private readonly List<Step> _steps = [];
    private readonly List<string> _expected = [];

    private HAProxyCase(string name, string config)
    {
        Name = name;
        Config = config;
    }

    /// <summary>What it shows.</summary>
    public string Name { get; }

    /// <summary>The configuration, behind the usual global and defaults sections.</summary>
    public string Config { get; private set; }

    /// <summary>Why it does not run on Debian's HAProxy; null where it does.</summary>
    public string? NewerThanDebian { get; private set; }

    /// <summary>The files it needs, by name.</summary>
    internal Dictionary<string, string> Files { get; } = [];

    /// <summary>What the servers answer; null for a short text with the server's name.</summary>
    internal string? Answer { get; private set; }

    /// <summary>What servers answer that do not answer like the others, by name.</summary>
    internal Dictionary<string, string[]> Scripts { get; } = [];

    /// <summary>What names the nameserver knows, and their addresses.</summary>
    internal Dictionary<string, string[]> Addresses { get; } = [];

    /// <summary>What they answer to some targets.</summary>
    internal Dictionary<string, string> Answers { get; } = [];

    internal IReadOnlyList<Step> Steps => _steps;

    /// <summary>What both transcripts must have in them.</summary>
    internal IReadOnlyList<string> Expected => _expected;

    /// <summary>A case whose configuration is written out, behind <c>mode http</c> and timeouts as defaults.</summary>
    public static HAProxyCase Of(string name, string config) => new(name, config);

    /// <summary>A case of one frontend with a server behind it; the lines go into the frontend.</summary>
    public static HAProxyCase InFrontend(string name, params string[] lines) => new(
        name, $"frontend f\n    bind 127.0.0.1:{{port}}\n{Indent(lines)}    default_backend b\nbackend b\n    server s1 {{s1}}\n");

    /// <summary>A case of one frontend with a server behind it; the lines go into the backend.</summary>
    public static HAProxyCase InBackend(string name, params string[] lines) => new(
        name, $"frontend f\n    bind 127.0.0.1:{{port}}\n    default_backend b\nbackend b\n{Indent(lines)}    server s1 {{s1}}\n");

    /// <summary>A client connects, sends these lines as a request without a body, and reads the response.</summary>
    public HAProxyCase Request(params string[] lines) => Raw(string.Concat(lines.Select(static l => l + "\r\n")) + "\r\n");

    /// <summary>A client asks for a target with GET.</summary>
    public HAProxyCase Get(string target, params string[] fields) => Request([$"GET {target} HTTP/1.1", "Host: h.example", .. fields]);

    /// <summary>A client posts a body.</summary>
    public HAProxyCase Post(string target, string body, params string[] fields) => Raw(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {target} HTTP/1.1\r\nHost: h.example\r\nContent-Length: {body.Length}\r\n{string.Concat(fields.Select(static f => f + "\r\n"))}\r\n{body}"));

    /// <summary>A client sends bytes and reads the response, or the end.</summary>
    public HAProxyCase Raw(string text)
    {
        _steps.Add(new Step(text, SameConnection: false));
        return this;
    }

    /// <summary>The client of the step before asks again on the same connection.</summary>
    public HAProxyCase Then(string target, params string[] fields)
    {
        _steps.Add(new Step($"GET {target} HTTP/1.1\r\nHost: h.example\r\n{string.Concat(fields.Select(static f => f + "\r\n"))}\r\n", SameConnection: true));
        return this;
    }

    /// <summary>A client asks for a target with GET and does not wait for the response, which is read in the end. A target with <c>hold</c> in it
    /// stays at its server until <see cref="Free"/>.</summary>
    public HAProxyCase Begin(string target, params string[] fields)
    {
        _steps.Add(new Step($"GET {target} HTTP/1.1\r\nHost: h.example\r\n{string.Concat(fields.Select(static f => f + "\r\n"))}\r\n", SameConnection: false)
        {
            Kind = StepKind.Begin,
        });
        return this;
    }

    /// <summary>A client sends bytes, which may be less than a request, and does not wait for what comes of it.</summary>
    public HAProxyCase BeginRaw(string text)
    {
        _steps.Add(new Step(text, SameConnection: false) { Kind = StepKind.Begin });
        return this;
    }

    /// <summary>Lets servers answer a held request.</summary>
    public HAProxyCase Free()
    {
        _steps.Add(new Step("", SameConnection: false) { Kind = StepKind.Free });
        return this;
    }

    /// <summary>The client that was the last to begin goes away.</summary>
    public HAProxyCase Leave()
    {
        _steps.Add(new Step("", SameConnection: false) { Kind = StepKind.Leave });
        return this;
    }

    /// <summary>The responses to all that was begun are read before the next step.</summary>
    public HAProxyCase Collect()
    {
        _steps.Add(new Step("", SameConnection: false) { Kind = StepKind.Collect });
        return this;
    }

    /// <summary>What every server answers.</summary>
    public HAProxyCase Answering(params string[] lines)
    {
        Answer = string.Join("\r\n", lines);
        return this;
    }

    /// <summary>What one server answers, request by request; the last of it also to all that follow. <see cref="ServerScript"/> has what is no answer.</summary>
    public HAProxyCase Serving(string server, params string[] answers)
    {
        Scripts[server] = answers;
        return this;
    }

    /// <summary>The addresses of a name, which the nameserver at <c>{dns}</c> tells.</summary>
    public HAProxyCase Naming(string name, params string[] addresses)
    {
        Addresses[name] = addresses;
        return this;
    }

    /// <summary>What every server answers to one target.</summary>
    public HAProxyCase AnsweringTo(string target, params string[] lines)
    {
        Answers[target] = string.Join("\r\n", lines);
        return this;
    }

    /// <summary>The last step, so many times more.</summary>
    public HAProxyCase Again(int times)
    {
        _steps.AddRange(Enumerable.Repeat(_steps[^1], times));
        return this;
    }

    /// <summary>Sections behind the others.</summary>
    public HAProxyCase With(string sections)
    {
        Config += sections;
        return this;
    }

    /// <summary>A file in <c>{dir}</c>.</summary>
    public HAProxyCase File(string name, string content)
    {
        Files[name] = content;
        return this;
    }

    /// <summary>What must be somewhere in the transcript, so that two wrong ones do not agree unseen.</summary>
    public HAProxyCase Expect(params string[] fragments)
    {
        _expected.AddRange(fragments);
        return this;
    }

    /// <summary>What it needs is newer than Debian's HAProxy (2.6), so it runs on ProxyKit alone.</summary>
    public HAProxyCase Newer(string reason)
    {
        NewerThanDebian = reason;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string Indent(string[] lines) => string.Concat(lines.Select(static l => $"    {l}\n"));

    /// <summary>Something that a client sends.</summary>
    internal sealed record Step(string Text, bool SameConnection)
    {
        public StepKind Kind { get; init; }

        public string Method => Text.Split(' ', 2)[0];
    }

    internal enum StepKind
    {
        /// <summary>A client sends and reads.</summary>
        Exchange,

        /// <summary>A client sends.</summary>
        Begin,

        /// <summary>A server answers what it has held back.</summary>
        Free,

        /// <summary>The last client that has begun goes away.</summary>
        Leave,

        /// <summary>What was begun is read.</summary>
        Collect,
    }
}
