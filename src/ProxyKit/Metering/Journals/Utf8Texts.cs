using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ProxyKit.Metering.Journals;

/// <summary>Strings of names that come again and again, so that each is made once; forgets all of them where there are very many.</summary>
internal sealed class Utf8Texts
{
    private const int Most = 100_000;

    private readonly Dictionary<byte[], string> _texts;
    private readonly Dictionary<byte[], string>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;

    public Utf8Texts()
    {
        _texts = new Dictionary<byte[], string>(new BytesComparer());
        _bySpan = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        if (!_bySpan.TryGetValue(bytes, out var text))
        {
            if (_texts.Count == Most)
            {
                _texts.Clear();
            }

            text = Encoding.UTF8.GetString(bytes);
            _texts[bytes.ToArray()] = text;
        }

        return text;
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
