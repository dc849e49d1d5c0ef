namespace ProxyKit.Rules.Explaining;

/// <summary>Why a request goes where it goes: what each rule made of it, and where its way ends. All texts are safe to show.</summary>
/// <remarks>Nothing is sent and nothing listens: the rules were asked in a configuration made for this one question, whose tables, counters and
/// variables are empty, as those of a process that has just begun.</remarks>
public sealed class Explanation
{
    internal Explanation(string request, string client)
    {
        Request = request;
        Client = client;
    }

    /// <summary>The request line.</summary>
    public string Request { get; }

    /// <summary>Where the client is, and whether it speaks TLS: <c>192.0.2.1:49152 over TLS for shop.example</c>.</summary>
    public string Client { get; }

    /// <summary>The frontend that the request comes to.</summary>
    public required string Frontend { get; init; }

    /// <summary>The address of the bind that it comes by; null where the frontend has none.</summary>
    public required string? Bind { get; init; }

    /// <summary>The lists of rules that were asked, in the order in which a request comes by them. Lists without rules are not among them.</summary>
    public IReadOnlyList<ExplainedList> Lists => Asked;

    /// <summary>Where the way ends.</summary>
    public ExplainedEnd End { get; internal set; }

    /// <summary>How it ends, and by which rule, in a sentence.</summary>
    public string Outcome { get; internal set; } = "";

    /// <summary>The backend; null where the request came to none.</summary>
    public string? Backend { get; internal set; }

    /// <summary>The way in which the backend chooses a server; null without a backend.</summary>
    public string? Balance { get; internal set; }

    /// <summary>The servers of the backend, where the request is forwarded.</summary>
    public IReadOnlyList<ExplainedServer> Servers { get; internal set; } = [];

    /// <summary>The answer, where the proxy gives one.</summary>
    public ExplainedReply? Reply { get; internal set; }

    /// <summary>Whether nothing had to be left open: no rule was undecided, and no code that may wait was left out.</summary>
    public bool IsCertain { get; internal set; } = true;

    /// <summary>What else there is to know.</summary>
    public IReadOnlyList<string> Notes => Noted;

    internal List<ExplainedList> Asked { get; } = [];

    internal List<string> Noted { get; } = [];

    /// <summary>The explanation as a text of several lines, for people.</summary>
    /// <returns>The text; it ends with a line end.</returns>
    public override string ToString() => ExplanationText.Of(this);
}
