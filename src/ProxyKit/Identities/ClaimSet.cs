using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProxyKit.Identities;

/// <summary>What is claimed of a client by somebody who was believed: the members of an object of JSON (RFC 7519 §4). Immutable; kept as the bytes
/// that came, and found in them without copies.</summary>
public sealed class ClaimSet
{
    private readonly byte[] _json;
    private readonly JsonMember[] _members;

    private ClaimSet(byte[] json, JsonMember[] members) => (_json, _members) = (json, members);

    /// <summary>No claims at all.</summary>
    internal static ClaimSet None { get; } = new("{}"u8.ToArray(), []);

    /// <summary>The object, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Gets a claim as text.</summary>
    /// <param name="path">Its name, or the path to it: <c>sub</c>, <c>realm_access.roles[0]</c>.</param>
    /// <param name="value">A string without its quotes and escapes; of anything else its JSON.</param>
    /// <returns>Whether it is there, and not null.</returns>
    /// <exception cref="FormatException"><paramref name="path"/> is empty.</exception>
    public bool TryGet(string path, [NotNullWhen(true)] out string? value)
    {
        ArgumentNullException.ThrowIfNull(path);
        value = TextAt(ClaimPath.Parse(path));
        return value is not null;
    }

    /// <summary>Whether a claim has a word: a whole one of a text with blanks between them, as scopes are written (RFC 8693 §4.2), or an element of
    /// an array. Compared with case.</summary>
    /// <param name="path">The claim's name, or the path to it.</param>
    /// <param name="word">The word.</param>
    /// <returns>Whether it has.</returns>
    /// <exception cref="FormatException"><paramref name="path"/> is empty.</exception>
    public bool Contains(string path, string word)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(word);
        return ClaimWords.Contains(this, ClaimPath.Parse(path), Encoding.UTF8.GetBytes(word));
    }

    /// <summary>Shows the claims.</summary>
    /// <returns>The JSON.</returns>
    public override string ToString() => Encoding.UTF8.GetString(_json);

    /// <summary>Takes an object into use.</summary>
    /// <param name="json">The text; belongs to the claims from now on.</param>
    /// <param name="claims">The claims.</param>
    [SkipLocalsInit] // members are written before they are read
    internal static JsonVerdict TryParse(byte[] json, out ClaimSet claims)
    {
        claims = None;
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        var verdict = JsonText.TryRead(json, members, out var count);
        if (verdict == JsonVerdict.EscapedName && TryWriteNames(json, out var plain))
        {
            json = plain;
            verdict = JsonText.TryRead(json, members, out count);
        }

        if (verdict == JsonVerdict.Valid)
        {
            claims = new ClaimSet(json, members[..count].ToArray());
        }

        return verdict;
    }

    /// <summary>Claims of one's own: what a list of users or keys says of one of them.</summary>
    /// <exception cref="FormatException">They cannot be kept; nothing of them is in the message.</exception>
    internal static ClaimSet Of(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return TryParse(stream.ToArray(), out var claims) is JsonVerdict.Valid
            ? claims
            : throw new FormatException("the claims are too many, lie too deep in each other, or have names with quotes or control characters");
    }

    /// <summary>A claim as text; null where it is not there.</summary>
    internal string? TextAt(ClaimPath path) => path.TryFind(this, out var kind, out var raw) && kind != JsonKind.Null ? TextOf(kind, raw) : null;

    internal bool TryFind(ReadOnlySpan<byte> name, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        foreach (ref readonly var member in _members.AsSpan())
        {
            if (member.NameLength == name.Length && member.Name(_json).SequenceEqual(name))
            {
                kind = member.Kind;
                raw = member.Value(_json);
                return true;
            }
        }

        kind = JsonKind.None;
        raw = default;
        return false;
    }

    private static string? TextOf(JsonKind kind, ReadOnlySpan<byte> raw)
    {
        if (kind != JsonKind.String || !raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(kind == JsonKind.String ? raw[1..^1] : raw);
        }

        var text = new byte[raw.Length];
        return JsonString.TryUnescape(raw[1..^1], text, out var length) ? Encoding.UTF8.GetString(text, 0, length) : null;
    }

    /// <summary>Writes an object anew so that names stand as they are, for the few issuers that escape slashes in them. What cannot be written without
    /// escapes stays refused.</summary>
    private static bool TryWriteNames(byte[] json, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { MaxDepth = JsonText.MaxDepth, AllowDuplicateProperties = false });
            using var stream = new MemoryStream(json.Length);
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                document.WriteTo(writer);
            }

            plain = stream.ToArray();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // a name said twice, by way of escapes; or half of a pair of escapes, which is no character
        }
    }
}
