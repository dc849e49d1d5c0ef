using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Authentication;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;
using ProxyKit.StickTables;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Takes a described request the way that requests go, in a configuration made for it alone: connection, session, frontend, route,
/// backend. Stops where a server would be asked.</summary>
internal sealed class Explainer
{
    private readonly ProxyOptions _options;
    private readonly ExampleRequest _request;
    private readonly FrontendOptions _frontend;
    private readonly BindOptions? _bind;
    private readonly RuleTrace _trace;
    private readonly ExplainedExchange _exchange;
    private readonly Explanation _explanation;
    private readonly RuleContext _context = new();
    private readonly byte[] _bytes;
    private readonly ListAsker _lists;
    private readonly EndTeller _end;
    private bool _isHttp;

    private Explainer(ProxyOptions options, ExampleRequest request)
    {
        _options = options;
        _request = request;
        _bytes = request.ToBytes();
        (_frontend, _bind, var fits) = ExampleFrontend.Find(options, request);
        _isHttp = _frontend.Mode == ProxyMode.Http;
        var endsTls = _bind?.Tls is not null;
        var isSecure = endsTls && request.IsSecure != false;
        var passesTls = !endsTls && request.IsSecure == true && _frontend.Mode == ProxyMode.Tcp;
        _trace = new RuleTrace(new TraceFacts(isSecure, passesTls, request.ServerName));
        _exchange = new ExplainedExchange(_frontend.Name, request, ExampleFrontend.EndPointOf(_bind, request), isSecure);
        var tls = isSecure || passesTls ? $" over TLS{(request.ServerName is { } name ? $" for {Shown.Text(name)}" : "")}" : "";
        _explanation = new Explanation(
            Shown.Text($"{request.Method} {request.Target}{HostOf(request)}"), $"{request.Source?.ToString() ?? "a unix socket"}{tls}")
        {
            Frontend = Shown.Text(_frontend.Name),
            Bind = _bind is null ? null : Shown.Text(_bind.Address),
        };
        _lists = new ListAsker(_trace, _explanation);
        _end = new EndTeller(options, _frontend, _context, _trace, _explanation);
        if (!fits)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"no address of the frontend is on port {request.Port}: explained as if one were"));
        }

        if (endsTls && request.IsSecure == false)
        {
            Note("the bind is for TLS, which the client does not speak: in truth the handshake would fail");
        }
        else if (!endsTls && !passesTls && request.IsSecure == true)
        {
            Note("the client speaks TLS, which the bind does not: explained as if it did not");
        }
    }

    /// <summary>Explains.</summary>
    /// <exception cref="ProxyConfigurationException">The configuration is invalid.</exception>
    /// <exception cref="FormatException">The request is none, or comes to no frontend.</exception>
    public static Explanation Explain(ProxyOptions options, ExampleRequest request, DataPath path)
    {
        var faults = ProxyOptionsValidator.Validate(options);
        if (faults.Count > 0)
        {
            throw new ProxyConfigurationException(faults);
        }

        var explainer = new Explainer(options, request);
        var builder = new SnapshotBuilder(path, new ProxyState()) { Trace = explainer._trace };
        try
        {
            var built = builder.Build(options);
            if (builder.Faults.Count > 0)
            {
                throw new ProxyConfigurationException(builder.Faults);
            }

            explainer._trace.Variables = builder.State.Variables;
            built.Variables.Set(static _ => { }); // as a proxy that has just begun has them
            BeginHealth(built, path);
            explainer.Run(built.Frontends[options.Frontends.IndexOf(explainer._frontend)], path);
            return explainer._explanation;
        }
        finally
        {
            explainer._context.Reset();
            explainer._exchange.Session.Counters.Release();
            builder.State.Dispose();
        }
    }

    /// <summary>Servers are as a proxy that has just begun has them: those that start in maintenance or down get nothing. No check is made.</summary>
    private static void BeginHealth(BuiltConfiguration built, DataPath path)
    {
        var environment = new CheckEnvironment(path.Transport, path.Pool, path.Wheel, NullLogger.Instance);
        foreach (var (server, settings) in built.Health)
        {
            server.State.Health.Use(settings, environment);
        }

        var byName = built.Health.ToDictionary(static h => h.Server.ToString(), static h => h, StringComparer.Ordinal);
        foreach (var (server, settings) in built.Health)
        {
            var followed = settings.Track;
            while (followed is not null && byName[followed].Settings.Track is { } further)
            {
                followed = further; // to the one that all behind it are like
            }

            server.State.Health.Track(followed is null ? null : byName[followed].Server.State.Health); // it is there: the validator has looked
        }
    }

    private static string HostOf(ExampleRequest request)
    {
        var host = request.Headers.FirstOrDefault(static h => h.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value;
        return host is null ? "" : $" (host {host})";
    }

    private void Run(FrontendPolicy policy, DataPath path)
    {
        var session = _exchange.Session;
        session.AcceptedAt = path.Time.GetUtcNow();
        session.Bind = new BindFacts(_bind?.Name, ExampleFrontend.NumberOf(_options, _bind));
        if (Admits(policy, policy.Rules.Connection, RulePhases.Connection, _frontend.Rules.Connection)
            && Admits(policy, policy.Rules.Session, RulePhases.Session, _frontend.Rules.Session))
        {
            TrackedCounters.Count(null, session.Counters, StickDataType.Sessions, StickDataType.SessionRate);
            _context.Session = session;
            _context.Frontend = policy.Facts;
            _context.FrontendErrorPages = policy.Pages;
            _context.IsFirstRequest = true;
            _context.Host = new ExplainedHost(_context, _trace, _request, session.AcceptedAt);
            if (!_isHttp)
            {
                _context.Received = _trace.PassesTls ? default : (byte[])[.. _bytes, .. _request.Body.GetValueOrDefault().Span];
                Proceed(policy);
            }
            else if (Receives(policy))
            {
                Proceed(policy);
            }
        }

        _end.Conclude();
    }

    /// <summary>Whether the rules for new connections let the client in.</summary>
    private bool Admits(FrontendPolicy policy, RuleList? rules, RulePhases phase, IList<RuleOptions> written)
    {
        var context = new RuleContext { Session = _exchange.Session, Frontend = policy.Facts };
        if (_lists.Ask(context, rules, $"frontend {policy.Name}", phase, written) is not { } end)
        {
            return true;
        }

        if (end == RuleOutcome.Final)
        {
            _end.Close();
        }
        else
        {
            _end.CloseForFailure();
        }

        return false;
    }

    /// <summary>Whether the request is one that can be served.</summary>
    private bool Receives(FrontendPolicy policy)
    {
        var parser = new RequestHeadParser { IsLenient = policy.AcceptsUnsafeRequests, TakesBodyOfAnyMethod = policy.TakesBodyOfAnyMethod };
        parser.Start(_exchange.Request, _bytes, 0);
        var result = parser.Parse(_bytes.Length);
        if (result.Status == ParseStatus.Complete && result.Consumed == _bytes.Length)
        {
            _context.Exchange = _exchange;
            _context.Request = _exchange.Request;
            TrackedCounters.Count(null, _exchange.Session.Counters, StickDataType.Requests, StickDataType.RequestRate);
            policy.Facts.Captures.CaptureRequest(_context);
            return true;
        }

        var status = result.Status == ParseStatus.Refused ? result.Refusal : 400;
        _end.Refuse(status, $" before any rule of the request is asked: {result.Reason ?? "malformed"}");
        return false;
    }

    /// <summary>The frontend's rules, the route, the backend's rules.</summary>
    private void Proceed(FrontendPolicy policy)
    {
        var monitor = new ExplainedRule($"monitor-uri {_frontend.MonitorTarget}", null, null);
        var monitors = Enumerable.Repeat(monitor, MonitorRules.CountOf(_frontend)).ToArray();
        var requests = RequestRules.Of(_frontend);
        if (!Passes(policy.Rules, $"frontend {policy.Name}", _frontend.Rules, requests, [.. monitors, .. requests.Before.Skip(monitors.Length).Select(ExplainedRule.Of)], []))
        {
            return;
        }

        if (!_isHttp && _context.Settings.SwitchesToHttp)
        {
            Note("from that rule on it is read as HTTP, and the rules are asked again of the request");
            _isHttp = true;
            if (Receives(policy))
            {
                Proceed(policy);
            }

            return;
        }

        if (!IsLetIn(policy))
        {
            return;
        }

        if (policy.Tiers is { } tiers)
        {
            Note($"the tiers {Shown.Text(tiers.Group.Name)} would be asked, which know what the client has used: explained as if they let it pass");
        }

        if (!TryRoute(policy, out var target))
        {
            return;
        }

        var backend = _options.Backends.First(b => b.Name == target.Backend.Name);
        (_context.Backend, _context.BackendErrorPages) = (target.Backend, target.Pages);
        _exchange.Route(backend.Name);
        (_explanation.Backend, _explanation.Balance) = (Shown.Text(backend.Name), Shown.Text(backend.Balance.Name));
        if (backend.IsDisabled)
        {
            _end.Refuse(503, $": backend {Shown.Text(backend.Name)} is disabled");
            return;
        }

        var way = _explanation.Outcome;
        var binding = new BindingAsker(_context, _lists, _trace, target, backend);
        if (!binding.TryBegin())
        {
            _end.Fail();
            return;
        }

        var forBalance = new ExplainedRule($"balance {backend.Balance.Name}", null, null);
        var requestsThere = RequestRules.Of(backend);
        var waits = Enumerable.Repeat(forBalance, requestsThere.Behind.Length);
        if (!Passes(target.Rules, $"backend {backend.Name}", backend.Rules, requestsThere, [.. requestsThere.Before.Select(ExplainedRule.Of)], [.. waits]))
        {
            return;
        }

        if (!binding.TryDirect(out var bound))
        {
            _end.Fail();
            return;
        }

        ExplainedServers.AddTo(_explanation, target.Backend, backend, bound);
        if (bound is null && target.Backend.CandidateCount == 0)
        {
            _end.Refuse(503, $": backend {Shown.Text(backend.Name)} has no server that could be chosen");
            return;
        }

        _end.Forward(way, bound is null ? null : $"server {Shown.Text(bound.Name)} by {binding.Why}", backend);
    }

    private bool Passes(
        RuleSet rules, string section, RuleSetOptions written, RequestRules requests, ExplainedRule[] before, ExplainedRule[] behind)
    {
        var end = _lists.Ask(_context, rules.Content, section, RulePhases.Content, written.Content);
        if (end is null && _isHttp)
        {
            ExplainedRule[] early = [.. requests.Written.Select(ExplainedRule.Of)];
            ExplainedRule[] between = [.. requests.Between.Select(ExplainedRule.Of)];
            ExplainedRule[] late = [.. requests.WrittenLate.Select(ExplainedRule.Of)];
            end = _lists.Ask(
                _context, rules.Request, section, RulePhases.Request, [.. before, .. early, .. between, .. late, .. behind], [.. early, .. late]);
        }

        if (end == RuleOutcome.Final)
        {
            _end.EndBy(_context.Verdict!); // final, so there is one
        }
        else if (end is not null)
        {
            _end.Fail();
        }

        return end is null;
    }

    /// <summary>Whether the client is one who may come in.</summary>
    private bool IsLetIn(FrontendPolicy policy)
    {
        var options = _frontend.Authentication;
        var ours = AuthenticationRules.Of(options, static _ => throw new InvalidOperationException("They are only shown.")).SkipLast(options.Rules.Count);
        ExplainedRule[] written = [.. options.Rules.Select(ExplainedRule.Of)];
        var end = !_isHttp ? null : _lists.Ask(
            _context,
            policy.Rules.Authentication,
            $"frontend {policy.Name}",
            RulePhases.Request,
            [.. ours.Select(ExplainedRule.Of), .. written],
            written);
        if (end == RuleOutcome.Final)
        {
            _end.EndBy(_context.Verdict!); // final, so there is one
        }
        else if (end is not null)
        {
            _end.Fail();
        }

        return end is null;
    }

    private bool TryRoute(FrontendPolicy policy, [NotNullWhen(true)] out BackendPolicy? target)
    {
        target = null;
        var rules = _lists.Begin($"frontend {policy.Name}", "use_backend", [.. _frontend.Routes.Select(static r =>
            new ExplainedRule(r.ToString(), r.Origin, r.Condition))]);
        try
        {
            target = policy.BackendFor(_context);
        }
        catch (Exception e)
        {
            _lists.NoteThrown(e);
            _end.Fail();
            return false;
        }

        var chosen = Array.FindLast(rules, static r => r.Fate == RuleFate.Fired);
        if (target is null)
        {
            chosen?.Note("there is no backend of this name");
            _end.Refuse(503, chosen is null
                ? ": no use_backend rule fired, and there is no default_backend"
                : $": use_backend{EndTeller.At(chosen)} names no backend, and there is no default_backend");
            return false;
        }

        var isDefault = chosen is null || (_frontend.Routes[Array.IndexOf(rules, chosen)].Name is not null && target == policy.DefaultBackend);
        if (isDefault)
        {
            chosen?.Note("leads to the default backend, by its name or for want of a backend of that name");
        }

        _explanation.Outcome = $"backend {Shown.Text(target.Backend.Name)} ({(isDefault ? "default_backend" : $"use_backend{EndTeller.At(chosen)}")})";
        return true;
    }

    private void Note(string note) => _explanation.Noted.Add(note);
}
