using ProxyKit.Mailing;

namespace ProxyKit;

/// <summary>Mails about servers, for builders.</summary>
public static class MailingBuilderExtensions
{
    /// <summary>Adds mailers, for backends that name them. HAProxy: <c>mailers</c>.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="name">Their name, unique among groups of mailers.</param>
    /// <param name="configure">Says who they are.</param>
    /// <returns>The builder.</returns>
    public static ProxyBuilder AddMailers(this ProxyBuilder proxy, string name, Action<MailersBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new MailersOptions { Name = name };
        configure(new MailersBuilder(options));
        return proxy.Configure(o => o.Mailers.Add(options));
    }

    /// <summary>Tells somebody by mail when the backend's servers go down. HAProxy: <c>email-alert</c>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="mailers">The group of mailers.</param>
    /// <param name="from">The sender's address.</param>
    /// <param name="to">The recipient's address.</param>
    /// <param name="level">How much is told.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder EmailAlert(
        this BackendBuilder backend, string mailers, string from, string to, EmailAlertLevel level = EmailAlertLevel.Failures)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentException.ThrowIfNullOrEmpty(mailers);
        ArgumentException.ThrowIfNullOrEmpty(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        return backend.Configure(o => o.EmailAlert = new EmailAlertOptions { Mailers = mailers, From = from, To = to, Level = level });
    }
}
