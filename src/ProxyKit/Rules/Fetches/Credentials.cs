using System.Buffers;
using System.Buffers.Text;
using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules.Fetches;

/// <summary>What a request says in its Authorization field (RFC 9110 §11.6.2).</summary>
internal readonly ref struct Credentials
{
    private Credentials(bool isBasic, ReadOnlySpan<byte> token, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        IsBasic = isBasic;
        Token = token;
        User = user;
        Password = password;
    }

    /// <summary>Whether the scheme is Basic rather than Bearer; others are not read.</summary>
    public bool IsBasic { get; }

    /// <summary>What stands behind the scheme.</summary>
    public ReadOnlySpan<byte> Token { get; }

    /// <summary>The user's name of a Basic scheme.</summary>
    public ReadOnlySpan<byte> User { get; }

    /// <summary>The password of a Basic scheme.</summary>
    public ReadOnlySpan<byte> Password { get; }

    /// <summary>Reads the field. Once it could not be read there are no credentials for the rest of the request, whatever rules put into the
    /// field afterwards.</summary>
    public static bool TryRead(RuleContext context, out Credentials credentials)
    {
        credentials = default;
        if (context.HasNoCredentials || !MessageHeads.TryGetRequest(context, out var request))
        {
            return false;
        }

        if (TryParse(context, request, out credentials))
        {
            return true;
        }

        context.HasNoCredentials = true;
        return false;
    }

    /// <summary>Takes a field's value to its scheme and what is behind the spaces after it.</summary>
    /// <returns>Whether there is a space, and something before it.</returns>
    public static bool TrySplit(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> scheme, out ReadOnlySpan<byte> token)
    {
        var space = value.IndexOf((byte)' ');
        scheme = space <= 0 ? default : value[..space];
        token = space <= 0 ? default : value[space..].TrimStart((byte)' ');
        return space > 0;
    }

    private static bool TryParse(RuleContext context, RequestHead request, out Credentials credentials)
    {
        credentials = default;
        var values = new HeaderValues(request.Headers, context.IsProxied ? "proxy-authorization"u8 : "authorization"u8, isWhole: false);
        if (!values.MoveNext() || !TrySplit(values.Current, out var scheme, out var token))
        {
            return false;
        }

        if (Ascii.EqualsIgnoreCase(scheme, "bearer"u8))
        {
            credentials = new(isBasic: false, token, default, default);
            return true;
        }

        if (!Ascii.EqualsIgnoreCase(scheme, "basic"u8) || token.ContainsAny((byte)' ', (byte)'\t')) // the decoder would overlook blanks
        {
            return false;
        }

        var text = context.Scratch.Rent(Base64.GetMaxDecodedFromUtf8Length(token.Length));
        if (Base64.DecodeFromUtf8(token, text, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        text = context.Scratch.Shrink(text, length);
        var end = text.IndexOf((byte)0);
        text = end < 0 ? text : text[..end]; // names and passwords are texts in C
        var colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        credentials = new(isBasic: true, token, text[..colon], text[(colon + 1)..]);
        return true;
    }
}
