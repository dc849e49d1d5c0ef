using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace ProxyKit.Rules.Samples;

/// <summary>
/// A value that an expression yields: where its bytes lie is somebody else's, be it the request's buffer, a variable, or the scratch space of
/// the <see cref="RuleContext"/>, so that nothing is allocated. Valid until the rule that asked for it has run.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A ref struct is never boxed and never compared.")]
public ref struct Sample
{
    /// <summary>What the value is.</summary>
    public SampleType Type { get; private set; }

    /// <summary>The number of an integer, the bits of an IPv4 address (its first octet highest), 1 or 0 for a boolean.</summary>
    public long Integer { get; private set; }

    /// <summary>The bytes of a string, of binary data, or of a method's name; empty otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The bits of an IPv6 address, its first octet highest.</summary>
    public UInt128 IPv6 { get; private set; }

    /// <summary>Whether the value is a boolean that holds, or a number that is not 0.</summary>
    public readonly bool IsTrue => Integer != 0;

    /// <summary>Where a fetch of several values stands: 0 before the first, its own afterwards. A fetch that has more values than the one it
    /// gave sets <see cref="HasMore"/> and is asked again with the cursor it left.</summary>
    internal int Cursor { get; set; }

    /// <summary>Whether the fetch has another value behind this one.</summary>
    internal bool HasMore { get; set; }

    /// <summary>Makes it a boolean.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool Set(bool value) => Set(SampleType.Boolean, value ? 1 : 0);

    /// <summary>Makes it an integer.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool Set(long value) => Set(SampleType.Integer, value);

    /// <summary>Makes it a string.</summary>
    /// <param name="value">Its bytes, which must stay what they are until the rule has run.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool SetString(ReadOnlySpan<byte> value) => Set(SampleType.String, value);

    /// <summary>Makes it binary data.</summary>
    /// <param name="value">The bytes, which must stay what they are until the rule has run.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool SetBinary(ReadOnlySpan<byte> value) => Set(SampleType.Binary, value);

    /// <summary>Makes it an address.</summary>
    /// <param name="address">The address; one of IPv4 within IPv6 becomes the IPv4 address it is.</param>
    /// <returns>True where there is one; false for null.</returns>
    public bool Set(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
        {
            return false;
        }

        if (length == 4)
        {
            return SetIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 ? SetIPv4((uint)bits) : SetIPv6(bits);
    }

    /// <summary>Makes it an IPv4 address.</summary>
    /// <param name="bits">Its bits, the first octet highest.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool SetIPv4(uint bits) => Set(SampleType.IPv4, bits);

    /// <summary>Makes it an IPv6 address.</summary>
    /// <param name="bits">Its bits, the first octet highest.</param>
    /// <returns>True, for a fetch to return.</returns>
    public bool SetIPv6(UInt128 bits)
    {
        Set(SampleType.IPv6, 0);
        IPv6 = bits;
        return true;
    }

    /// <summary>The value as text, for messages and user code.</summary>
    /// <returns>The text; bytes are read as Latin-1.</returns>
    public override readonly string ToString() => Type switch
    {
        SampleType.Boolean or SampleType.Integer => Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        SampleType.IPv4 or SampleType.IPv6 => ToAddress().ToString(),
        _ => Encoding.Latin1.GetString(Bytes),
    };

    /// <summary>The address as an object.</summary>
    internal readonly IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Type == SampleType.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)Integer);
            return new IPAddress(bytes[..4]);
        }

        BinaryPrimitives.WriteUInt128BigEndian(bytes, IPv6);
        return new IPAddress(bytes);
    }

    /// <summary>Makes it a method's name.</summary>
    internal bool SetMethod(ReadOnlySpan<byte> name) => Set(SampleType.Method, name);

    /// <summary>Makes it a value of a type that is a number inside: boolean, integer or IPv4.</summary>
    internal bool Set(SampleType type, long value)
    {
        Type = type;
        Integer = value;
        Bytes = default;
        return true;
    }

    /// <summary>Makes it a value of a type that is bytes inside: string, binary or method.</summary>
    internal bool Set(SampleType type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Integer = 0;
        Bytes = value;
        return true;
    }
}
