using System.Net;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;
using ProxyKit.Tiers;
using ProxyKit.Transport;

namespace ProxyKit.Rules;

/// <summary>
/// What a rule is asked about: an exchange, or, before there is one and in TCP mode, a client's connection. Valid while the call it was
/// handed to runs.
/// </summary>
/// <remarks>One flow at a time uses it. It belongs to its exchange or tunnel and is used again with that: <see cref="Reset"/> brings every
/// field back.</remarks>
public sealed class RuleContext
{
    private static readonly RuleSession NoSession = new();

    private readonly Scratch _scratch = new();
    private EndPoint? _source, _destination;
    private bool _usesScratch;

    internal RuleContext()
    {
    }

    /// <summary>The exchange; null before a request has come, and in TCP mode.</summary>
    public HttpExchange? Exchange { get; internal set; }

    /// <summary>The client's address as rules and logs see it; null for a client on a unix socket.</summary>
    public IPAddress? Source => (SourceEndPoint as IPEndPoint)?.Address;

    /// <summary>The client's address and port; an exchange's own where a rule of the exchange has put one, else the session's.</summary>
    internal EndPoint? SourceEndPoint => _source ?? Session.Source;

    /// <summary>Where the client connected to, likewise.</summary>
    internal EndPoint? DestinationEndPoint => _destination ?? Session.Destination;

    /// <summary>The head of the request; in TCP mode what an inspection found to be one. Null where there is none.</summary>
    internal RequestHead? Request { get; set; }

    /// <summary>The head of the response, the proxy's own included; null before there is one.</summary>
    internal ResponseHead? Response { get; set; }

    /// <summary>Whether rules look at the response now, so that <c>hdr</c> means its fields.</summary>
    internal bool IsInResponse { get; set; }

    /// <summary>Whether the request's target is one for a proxy: no path, and not all of the server.</summary>
    internal bool HasProxyTarget => Request is { } request && request.TargetBytes is not [(byte)'/' or (byte)'*', ..];

    /// <summary>Whether the client's credentials are those that it has for a proxy.</summary>
    internal bool IsProxied => Frontend is { AuthenticatesAsProxy: true } && HasProxyTarget;

    internal RuleSession Session { get; set; } = NoSession;

    /// <summary>The frontend that the client came in at.</summary>
    internal FrontendFacts? Frontend { get; set; }

    /// <summary>The backend, once one was chosen.</summary>
    internal Backend? Backend { get; set; }

    /// <summary>The server, once one was chosen.</summary>
    internal Server? Server { get; set; }

    /// <summary>The health check that asks; null for all others.</summary>
    internal CheckFacts? Check { get; set; }

    /// <summary>The exchange or tunnel behind this.</summary>
    internal IRuleHost? Host { get; set; }

    /// <summary>Has the access log have a line of the connection, where there is no exchange yet; told where it was asked for, as <c>%OG</c> has it.</summary>
    internal Action<RuleContext, string>? ConnectionLog { get; set; }

    /// <summary>What is here of the request's body, for as long as rules may look at it.</summary>
    internal ReadOnlyMemory<byte> RequestBody { get; set; }

    /// <summary>What is here of it at this moment, whether rules have waited for it or not.</summary>
    internal ReadOnlySpan<byte> ArrivedBody => RequestBody.IsEmpty && Host is { } host ? host.ArrivedBody : RequestBody.Span;

    /// <summary>Whether <see cref="RequestBody"/> is all of it.</summary>
    internal bool IsRequestBodyComplete { get; set; }

    /// <summary>What is here of the response's body, where rules have waited for it.</summary>
    internal ReadOnlyMemory<byte> ResponseBody { get; set; }

    /// <summary>In TCP mode, what has come from the client and was not passed on.</summary>
    internal ReadOnlyMemory<byte> Received { get; set; }

    /// <summary>In TCP mode, what has come from the server and was not passed on.</summary>
    internal ReadOnlyMemory<byte> Responded { get; set; }

    /// <summary>Whether nothing more will come before a decision: the inspection is over, or this is no inspection.</summary>
    internal bool HasAll { get; set; } = true;

    /// <summary>A fetch has no sample only because more may arrive; set by fetches, taken by conditions.</summary>
    internal bool IsPending { get; set; }

    /// <summary>Whether a rewrite that fails ends the exchange, rather than being left out. Here and not with what rules say about the exchange, which
    /// most lists need not look at.</summary>
    internal bool IsStrict { get; set; } = true;

    /// <summary>How the exchange is to go on otherwise than configured.</summary>
    internal ExchangeSettings Settings { get; } = new();

    /// <summary>What the rule that ended the processing has decided; null until one has.</summary>
    internal RuleVerdict? Verdict { get; set; }

    /// <summary>Where the rule was written that was the last to end its list; null where none has, or nobody knows.</summary>
    internal string? LastRule { get; set; }

    /// <summary>Where the rule was written that waits, or whose wait has come to nothing; null where none does, or nobody knows.</summary>
    internal string? WaitingRule { get; set; }

    /// <summary>How many edits of rules could not be made, for explanations. HAProxy: <c>wrew</c>.</summary>
    internal int FailedRewrites { get; set; }

    /// <summary>In how many seconds a request that a circuit breaker has refused may be repeated; 0 where none has.</summary>
    internal long RetryAfter { get; set; }

    /// <summary>The informational response that rules are putting together; null until one does.</summary>
    internal ReplyWriter? EarlyHints { get; set; }

    /// <summary>The error pages of the frontend; null where it has none of its own.</summary>
    internal ErrorPages? FrontendErrorPages { get; set; }

    /// <summary>The error pages of the backend, which go before those of the frontend; null where there are none.</summary>
    internal ErrorPages? BackendErrorPages { get; set; }

    internal VariableSet TransactionVariables { get; } = new();

    /// <summary>The variables of the request; they have no value once the response begins.</summary>
    internal VariableSet RequestVariables { get; } = new();

    internal VariableSet ResponseVariables { get; } = new();

    /// <summary>What the exchange tracks.</summary>
    internal TrackedCounters Counters { get; } = new();

    /// <summary>What rules and <c>capture</c> lines keep of the request for the log.</summary>
    internal CaptureSet RequestCaptures { get; } = new();

    /// <summary>What they keep of the response.</summary>
    internal CaptureSet ResponseCaptures { get; } = new();

    /// <summary>What else is kept for the log, by the places of <see cref="KeptText"/>.</summary>
    internal CaptureSet KeptTexts { get; } = new();

    /// <summary>Space for what is made while a rule runs.</summary>
    internal Scratch Scratch
    {
        get
        {
            _usesScratch = true;
            return _scratch;
        }
    }

    /// <summary>What the tier of the client came to.</summary>
    internal Admission Admission { get; } = new();

    /// <summary>The connection to the server, while there is one.</summary>
    internal Connection? ServerConnection => Host is { } host ? host.ServerConnection : Check?.Connection;

    /// <summary>The same, also when it is the exchange's no more: for what was agreed on when it began.</summary>
    internal Connection? LastServerConnection => Host is { } host ? host.LastServerConnection : Check?.Connection;

    /// <summary>Whether there is an exchange or a tunnel, rather than a connection alone.</summary>
    internal bool HasStream => Exchange is not null || Host is not null;

    /// <summary>Whether the request is the first of its connection.</summary>
    internal bool IsFirstRequest { get; set; }

    /// <summary>What reads requests in TCP mode; null before one was asked about.</summary>
    internal RequestInspection? Inspection { get; set; }

    /// <summary>Whether the request's credentials were looked at and are of no use, which stays so.</summary>
    internal bool HasNoCredentials { get; set; }

    /// <summary>Why the client was not believed, or may not; None where it was not refused for that.</summary>
    internal AuthenticationFault AuthenticationFault { get; set; }

    /// <summary>The row of the frontend's policy that was about the request; null where none was, or nobody has asked.</summary>
    internal PolicyRowName? PolicyRow { get; set; }

    /// <summary>Whether nothing is kept here that whoever uses it could not put here again: what belongs to the exchange, its session, frontend and
    /// backend, and the row of the policy.</summary>
    internal bool IsBlank =>
        Response is null && !IsInResponse && Server is null && Verdict is null && LastRule is null && WaitingRule is null && FailedRewrites == 0 && RetryAfter == 0
        && RequestBody.IsEmpty && ResponseBody.IsEmpty && Received.IsEmpty && Responded.IsEmpty && !IsRequestBodyComplete && HasAll && !IsPending && IsStrict
        && Check is null && ConnectionLog is null && _source is null && _destination is null && Inspection is null && EarlyHints is null or { Written.IsEmpty: true }
        && !HasNoCredentials && AuthenticationFault == AuthenticationFault.None && !Counters.Any && Admission.IsBlank && Settings.AreBlank
        && TransactionVariables.IsEmpty && RequestVariables.IsEmpty && ResponseVariables.IsEmpty
        && RequestCaptures.IsEmpty && ResponseCaptures.IsEmpty && KeptTexts.IsEmpty;

    /// <summary>Has rules and logs of this exchange see another client address.</summary>
    internal void OverrideSource(EndPoint source) => _source = source;

    /// <summary>Has rules and logs of this exchange see another destination.</summary>
    internal void OverrideDestination(EndPoint destination) => _destination = destination;

    /// <summary>The client's address as rules see it.</summary>
    internal bool TryGetSource(ref Sample sample) => _source is null ? Session.TryGetSource(ref sample) : sample.Set(Source);

    /// <summary>Takes all of the scratch space back, where any was asked for: nothing of it is valid any more.</summary>
    internal void ResetScratch()
    {
        if (_usesScratch)
        {
            _usesScratch = false;
            _scratch.Reset();
        }
    }

    /// <summary>Makes it ready for another exchange.</summary>
    internal void Reset()
    {
        Counters.Release();
        Exchange = null;
        Request = null;
        Response = null;
        IsInResponse = false;
        Session = NoSession;
        Frontend = null;
        Backend = null;
        Server = null;
        Check = null;
        Host = null;
        ConnectionLog = null;
        RequestBody = ResponseBody = Received = Responded = default;
        IsRequestBodyComplete = false;
        IsFirstRequest = false;
        Inspection?.Reset();
        HasNoCredentials = false;
        AuthenticationFault = AuthenticationFault.None;
        PolicyRow = null;
        HasAll = true;
        IsPending = false;
        IsStrict = true;
        Verdict = null;
        LastRule = WaitingRule = null;
        FailedRewrites = 0;
        RetryAfter = 0;
        EarlyHints?.Reset();
        FrontendErrorPages = BackendErrorPages = null;
        Settings.Reset();
        TransactionVariables.Clear();
        RequestVariables.Clear();
        ResponseVariables.Clear();
        RequestCaptures.Clear();
        ResponseCaptures.Clear();
        KeptTexts.Clear();
        ResetScratch();
        Admission.Reset();
        _source = _destination = null;
    }
}
