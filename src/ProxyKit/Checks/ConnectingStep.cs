using System.Globalization;

namespace ProxyKit.Checks;

/// <summary>Opens a connection.</summary>
/// <param name="options">What was written; null for the connection that a check begins with where nothing is.</param>
/// <param name="port">The port that each check finds anew; null for none.</param>
internal sealed class ConnectingStep(ConnectStep? options, CheckValue? port = null) : ScriptStep
{
    public override string Name => options?.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"connect port {port}") : "connect";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        var plan = run.Plan;
        var secure = options switch
        {
            null or { UsesServerSettings: true, UsesTls: false } => plan.Tls,
            { UsesTls: true } => plan.StepTls,
            _ => null,
        };
        secure = options?.ApplicationProtocols is { } protocols ? secure?.Offering(protocols) : secure;
        var proxyProtocol = options switch
        {
            { SendsProxyHeader: true } => plan.StepProxyProtocol,
            null or { UsesServerSettings: true } => plan.ProxyProtocol,
            _ => null,
        };
        var goesBySocks4 = options switch
        {
            { GoesBySocks4: true } => true,
            null or { UsesServerSettings: true } => plan.GoesBySocks4,
            _ => false,
        };
        var number = port?.Integer(run) is { } found and >= 1 and <= 65535 ? (int)found : options?.Port;
        var failure = await run.ConnectAsync(
            CheckPlan.Redirect(plan.EndPoint, options?.Address, number), proxyProtocol, secure, options?.HostName ?? plan.HostName, options?.Lingers ?? false, goesBySocks4)
            .ConfigureAwait(false);
        return failure ?? new CheckResult(secure is null ? CheckStatus.Layer4Passed : CheckStatus.Layer6Passed);
    }
}
