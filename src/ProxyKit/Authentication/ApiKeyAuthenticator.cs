using System.Text;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Authentication;

/// <summary>Believes those who bring a key that is known.</summary>
internal sealed class ApiKeyAuthenticator(ApiKeyOptions options) : Authenticator
{
    private const int MostBytes = 1024;

    private readonly ApiKeySet _keys = options.Keys;
    private readonly byte[]? _field = options.Header is { Length: > 0 } name ? Encoding.ASCII.GetBytes(name) : null;
    private readonly byte[]? _parameter = options.QueryParameter is { Length: > 0 } name ? Encoding.UTF8.GetBytes(name) : null;

    public override string? ChallengeScheme => "ApiKey";

    public override AuthenticationOutcome Authenticate(RuleContext context)
    {
        if (context.Request is not { } request || FindKey(request, out var key) is AuthenticationFault.MissingCredentials)
        {
            return AuthenticationOutcome.Absent;
        }

        return key.IsEmpty || key.Length > MostBytes ? AuthenticationOutcome.Refused(AuthenticationFault.MalformedCredentials)
            : _keys.Find(key) is { } owner ? AuthenticationOutcome.Of(owner)
            : AuthenticationOutcome.Refused(AuthenticationFault.UnknownApiKey);
    }

    /// <summary>Finds the one key that the request has; an empty one where it has two.</summary>
    private AuthenticationFault FindKey(RequestHead request, out ReadOnlySpan<byte> key)
    {
        key = default;
        var count = 0;
        if (_field is not null)
        {
            var values = new HeaderValues(request.Headers, _field, isWhole: true);
            while (values.MoveNext())
            {
                key = values.Current;
                count++;
            }
        }

        var query = request.TargetBytes.IndexOf((byte)'?');
        if (count == 0 && _parameter is not null && query >= 0)
        {
            var position = 0;
            var parameters = request.TargetBytes[(query + 1)..];
            while (ParameterList.TryFind(parameters, ref position, _parameter, ignoresCase: false, (byte)'?', out var value))
            {
                key = value;
                count++;
            }
        }

        key = count == 1 ? key : default;
        return count == 0 ? AuthenticationFault.MissingCredentials : AuthenticationFault.None;
    }
}
