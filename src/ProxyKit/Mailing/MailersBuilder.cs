using ProxyKit.Mailing;

namespace ProxyKit;

/// <summary>Composes a group of mailers. Collects <see cref="MailersOptions"/> and nothing more.</summary>
public sealed class MailersBuilder
{
    private readonly MailersOptions _options;

    internal MailersBuilder(MailersOptions options) => _options = options;

    /// <summary>Adds a mailer. HAProxy: <c>mailer</c>.</summary>
    /// <param name="name">Its name, for logs.</param>
    /// <param name="address">Its host and port.</param>
    /// <returns>This builder.</returns>
    public MailersBuilder Mailer(string name, string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(address);
        _options.Mailers.Add(new MailerOptions { Name = name, Address = address });
        return this;
    }

    /// <summary>Limits how long it may take to hand over a mail. See <see cref="MailersOptions.Timeout"/>.</summary>
    /// <param name="limit">More than zero.</param>
    /// <returns>This builder.</returns>
    public MailersBuilder Timeout(TimeSpan limit)
    {
        _options.Timeout = limit;
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public MailersBuilder Configure(Action<MailersOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }
}
