using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Authentication;
using ProxyKit.Identities;
using ProxyKit.Logging;
using ProxyKit.Testing;
using ProxyKit.Tests.Metering.Quotas;

namespace ProxyKit.Tests.Authentication;

public sealed class LateKeyTests
{
    [Fact]
    public async Task Token_is_good_though_its_key_comes_while_it_is_looked_for_among_those_there_were()
    {
        using var key = TestKey.Rsa("new");
        await using var server = new OpenIdServer();
        server.Publish(key);
        IssuerKeys? issuer = null;
        using var old = new WatchedKey(() =>
        {
            // Those that are looked through are the ones there were; by the end of it there are others, which are not to be asked for again so soon.
            issuer!.Start(); // it is made by then
            issuer.LearnAsync().Wait();
            Assert.False(issuer.MayLearn);
        });
        var settings = new IssuerKeysSettings(
            new Uri(server.KeysUrl), null, AllowsHttp: true, TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        using var keys = issuer = new IssuerKeys(settings, new ManualTimeProvider(), NoExchangeLog.Instance, [VerificationKey.OfRsa(old)]);
        var authenticator = new JwtAuthenticator(new JwtOptions { AllowsNoExpiry = true }, [], [issuer], new ManualTimeProvider());
        var context = AuthorizedRequest.With("Bearer " + key.Sign("""{"sub":"ann"}"""));

        Assert.True(authenticator.Authenticate(context).MustWait);
        var outcome = await authenticator.AuthenticateAsync(context, TestContext.Current.CancellationToken);

        Assert.NotNull(outcome.Principal);
        Assert.Equal((1, 1), (old.TimesAsked, server.KeyRequests));
    }

    [Fact]
    public async Task Keys_are_asked_for_again_whatever_the_log_does_with_a_failure()
    {
        using var key = TestKey.Rsa("new");
        await using var server = new OpenIdServer();
        var time = new ManualTimeProvider();
        var settings = new IssuerKeysSettings(
            new Uri(server.KeysUrl), null, AllowsHttp: true, TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        using var log = new ThrowingLog(NullLoggerFactory.Instance, static _ => true);
        using var keys = new IssuerKeys(settings, time, new LoggerExchangeLog(log, null, time));
        keys.Start();
        await keys.LearnAsync().InTimeAsync();
        Assert.False(keys.IsLoaded); // there is none yet

        server.Publish(key);
        time.Advance(TimeSpan.FromSeconds(31));
        await keys.LearnAsync().InTimeAsync();

        Assert.Single(keys.Known);
    }

    /// <summary>A key that has signed nothing, and tells when it is asked.</summary>
    private sealed class WatchedKey : RSA
    {
        private readonly Action _asked;

        public WatchedKey(Action asked) => (_asked, KeySizeValue) = (asked, 2048);

        public int TimesAsked { get; private set; }

        public override bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
        {
            TimesAsked++;
            _asked();
            return false;
        }

        public override RSAParameters ExportParameters(bool includePrivateParameters) => throw new NotSupportedException();

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();
    }
}
