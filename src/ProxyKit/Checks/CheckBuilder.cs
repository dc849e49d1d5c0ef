using System.Net;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Variables;

namespace ProxyKit;

/// <summary>Says how the servers of a backend are checked.</summary>
public sealed class CheckBuilder
{
    private readonly HealthCheckOptions _check;
    private readonly ServerCheckOptions _server;
    private readonly Action<TimeSpan?> _setTimeout;

    internal CheckBuilder(HealthCheckOptions check, ServerCheckOptions server, Action<TimeSpan?> setTimeout) =>
        (_check, _server, _setTimeout) = (check, server, setTimeout);

    /// <summary>Sets the time from one check to the next. See <see cref="ServerCheckOptions.Interval"/>.</summary>
    /// <param name="interval">While the server is in full health.</param>
    /// <param name="changing">While it is on its way up or down; null for the same.</param>
    /// <param name="down">While it is down; null for the same.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Every(TimeSpan interval, TimeSpan? changing = null, TimeSpan? down = null)
    {
        (_server.Interval, _server.FastInterval, _server.DownInterval) = (interval, changing, down);
        return this;
    }

    /// <summary>Sets how many failed checks in a row take a server down.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Fall(int count)
    {
        _server.Fall = count;
        return this;
    }

    /// <summary>Sets how many passed checks in a row bring a server up.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Rise(int count)
    {
        _server.Rise = count;
        return this;
    }

    /// <summary>Limits each step of a check. See <see cref="Backends.BackendOptions.CheckTimeout"/>.</summary>
    /// <param name="limit">The limit; null has the interval limit the whole.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Timeout(TimeSpan? limit)
    {
        _setTimeout(limit);
        return this;
    }

    /// <summary>Checks another port than the servers'.</summary>
    /// <param name="port">1 to 65535.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Port(int port)
    {
        _server.Port = port;
        return this;
    }

    /// <summary>Has checks use TLS, or not, whatever the servers do.</summary>
    /// <param name="isUsed">Whether they do.</param>
    /// <param name="hostName">The name that is sent and verified; null for the usual one.</param>
    /// <param name="applicationProtocols">The protocols that are offered (ALPN); null for the usual ones.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Tls(bool isUsed = true, string? hostName = null, IReadOnlyList<string>? applicationProtocols = null)
    {
        (_server.UseTls, _server.HostName, _server.ApplicationProtocols) = (isUsed, hostName, applicationProtocols);
        return this;
    }

    /// <summary>Opens a connection, in the place of the one before.</summary>
    /// <param name="port">The port; null for the one that is checked.</param>
    /// <param name="tls">Whether TLS is spoken.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Connect(int? port = null, bool tls = false) => Step(new ConnectStep { Port = port, UsesTls = tls, UsesServerSettings = port is null && !tls });

    /// <summary>Opens a connection to a port that each check finds anew, in the place of the one before.</summary>
    /// <param name="port">The port; where it has no value, the one that is checked.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Connect(Expression port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return Step(new ConnectStep { PortValue = port });
    }

    /// <summary>Gives a variable a value, for steps behind this one: <c>SetVariable("check.token", Value.Parse("res.payload(0,16)"))</c>. See
    /// <see cref="SetVariableStep"/>.</summary>
    /// <param name="variable">The name with its scope.</param>
    /// <param name="value">The value.</param>
    /// <param name="conditions">When it is written.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder SetVariable(string variable, Expression value, VariableConditions conditions = VariableConditions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(variable);
        ArgumentNullException.ThrowIfNull(value);
        return Step(new SetVariableStep { Variable = variable, Value = value, Conditions = conditions });
    }

    /// <summary>Takes a variable's value away.</summary>
    /// <param name="variable">The name with its scope.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder UnsetVariable(string variable)
    {
        ArgumentException.ThrowIfNullOrEmpty(variable);
        return Step(new UnsetVariableStep { Variable = variable });
    }

    /// <summary>Sends what each check makes anew.</summary>
    /// <param name="format">Makes it, as in <c>Value.Format("AUTH %[var(check.token)]\r\n", use: FormatUse.Raw)</c>.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Send(Expression format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Step(new SendStep { Format = format });
    }

    /// <summary>Sends a text.</summary>
    /// <param name="text">The text, its line ends included.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Send(string text) => Step(new SendStep { Bytes = Encoding.UTF8.GetBytes(text) });

    /// <summary>Expects a text somewhere in what comes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="comment">What messages call the step; null for what it expects.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Expect(string text, string? comment = null) => Step(new ExpectStep { Kind = CheckPattern.Text, Pattern = text, Comment = comment });

    /// <summary>Sends a request, in the place of the one that <c>CheckHttp</c> named where it is the first step but for variables.</summary>
    /// <param name="request">The request.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Request(HttpSendStep request)
    {
        if (_check.Steps.FirstOrDefault() is HttpSendStep && _check.Steps.Skip(1).All(static s => s is SetVariableStep or UnsetVariableStep))
        {
            _check.Steps.RemoveAt(0);
        }

        return Step(request);
    }

    /// <summary>Adds a header field to the last request.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">There is no request yet.</exception>
    public CheckBuilder Header(string name, string value) => ChangeRequest(request => request.With([.. request.Headers, new(name, value)], request.HeaderFormats));

    /// <summary>Adds a header field to the last request, whose value each check makes anew.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">Makes the value.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">There is no request yet.</exception>
    public CheckBuilder Header(string name, Expression value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ChangeRequest(request => request.With(request.Headers, [.. request.HeaderFormats, new(name, value)]));
    }

    /// <summary>Expects a status.</summary>
    /// <param name="statuses">The statuses, as in <c>200,204,300-399</c>.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder ExpectStatus(string statuses) => Step(new HttpExpectStep { Kind = HttpExpectation.Status, Pattern = statuses });

    /// <inheritdoc cref="ExpectStatus(string)"/>
    /// <param name="status">The status.</param>
    public CheckBuilder ExpectStatus(HttpStatusCode status) => ExpectStatus(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Expects a text in the response's body.</summary>
    /// <param name="text">The text.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder ExpectBody(string text) => Step(new HttpExpectStep { Kind = HttpExpectation.Body, Pattern = text });

    /// <summary>Expects a header field in the response.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value; null for any.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder ExpectHeader(string name, string? value = null) =>
        Step(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = name, Value = value });

    /// <summary>Adds a step.</summary>
    /// <param name="step">The step.</param>
    /// <returns>This builder.</returns>
    public CheckBuilder Step(CheckStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        _check.Steps.Add(step);
        return this;
    }

    private CheckBuilder ChangeRequest(Func<HttpSendStep, HttpSendStep> change)
    {
        for (var i = _check.Steps.Count - 1; i >= 0; i--)
        {
            if (_check.Steps[i] is HttpSendStep send)
            {
                _check.Steps[i] = change(send);
                return this;
            }
        }

        throw new InvalidOperationException("A header field needs a request before it.");
    }

    /// <summary>Takes a status 404 for the server's wish to get no new clients.</summary>
    /// <returns>This builder.</returns>
    public CheckBuilder DisableOn404()
    {
        _check.DisableOn404 = true;
        return this;
    }

    /// <summary>Tells servers their own state, in a field of the request.</summary>
    /// <returns>This builder.</returns>
    public CheckBuilder SendState()
    {
        _check.SendState = true;
        return this;
    }
}
