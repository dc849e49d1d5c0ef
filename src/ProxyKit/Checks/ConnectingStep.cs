using System.Globalization;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Checks;

/// <summary>Opens a connection.</summary>
/// <param name="options">What was written; null for the connection that a check begins with where nothing is.</param>
/// <param name="tls">TLS of its own, where it is not the check's.</param>
internal sealed class ConnectingStep(ConnectStep? options, TlsClientContext? tls) : ScriptStep
{
    public override string Name => options?.Port is { } port ? string.Create(CultureInfo.InvariantCulture, $"connect port {port}") : "connect";

    public override async ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        var plan = run.Plan;
        var isPlain = options is { UsesServerSettings: false, UsesTls: false };
        var secure = tls ?? (isPlain ? null : plan.Tls);
        var failure = await run.ConnectAsync(
            CheckPlan.Redirect(plan.EndPoint, options?.Address, options?.Port), secure, options?.HostName ?? plan.HostName, options?.Lingers ?? false).ConfigureAwait(false);
        return failure ?? new CheckResult(secure is null ? CheckStatus.Layer4Passed : CheckStatus.Layer6Passed);
    }
}
