using System.Security.Cryptography;
using System.Text;
using ProxyKit.Authentication;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Authentication;

public sealed class BasicAuthenticatorTests
{
    private const int MostWaiting = 256;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Password_that_comes_with_too_many_others_is_not_looked_at_and_that_is_the_reason()
    {
        var basic = Believing("ann", "secret", rounds: 1_000_000);
        using var leaving = new CancellationTokenSource();
        var context = ContextOf("ann:secret");

        // Some get through meanwhile: each takes a good part of a second of a processor.
        var asked = Enumerable.Range(0, MostWaiting + Environment.ProcessorCount + 32)
            .Select(_ => basic.AuthenticateAsync(context, leaving.Token).AsTask()).ToArray();

        Assert.Equal(AuthenticationOutcome.Refused(AuthenticationFault.Busy), await asked[^1].InTimeAsync());
        await leaving.CancelAsync();
        await Task.WhenAll(asked).InTimeAsync();
    }

    [Fact]
    public async Task Password_is_remembered_for_its_time_and_no_longer_though_the_clock_is_put_back()
    {
        var basic = Believing("ann", "secret", rounds: 1000);
        var context = ContextOf("ann:secret");
        Assert.NotNull((await basic.AuthenticateAsync(context, TestContext.Current.CancellationToken)).Principal);

        _time.Shift(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.NotNull(basic.Authenticate(context).Principal);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(basic.Authenticate(context).MustWait);
    }

    /// <summary>Timestamps stand still while a machine is suspended; the time of day goes on.</summary>
    [Fact]
    public async Task Password_is_remembered_no_longer_though_the_machine_was_suspended()
    {
        var basic = Believing("ann", "secret", rounds: 1000);
        var context = ContextOf("ann:secret");
        Assert.NotNull((await basic.AuthenticateAsync(context, TestContext.Current.CancellationToken)).Principal);

        _time.Shift(TimeSpan.FromSeconds(299));
        Assert.NotNull(basic.Authenticate(context).Principal);
        _time.Shift(TimeSpan.FromSeconds(1));

        Assert.True(basic.Authenticate(context).MustWait);
    }

    private BasicAuthenticator Believing(string name, string password, int rounds)
    {
        var salt = "0123456789abcdef"u8.ToArray();
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, 32);
        var users = new UserListOptions { Name = "staff" };
        users.Users.Add(new UserOptions { Name = name, PasswordHash = $"$pbkdf2-sha256${rounds}${Coded(salt)}${Coded(hash)}" });
        return new BasicAuthenticator(new UserList(users), TimeSpan.FromMinutes(5), _time);

        static string Coded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '.');
    }

    private static RuleContext ContextOf(string credentials) =>
        AuthorizedRequest.With($"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials))}");
}
