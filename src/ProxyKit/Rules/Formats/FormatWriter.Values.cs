using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Rules.Formats;

/// <summary>Numbers, addresses and lists.</summary>
internal ref partial struct FormatWriter
{
    /// <summary>Begins a list of texts, which has brackets only where values are encoded.</summary>
    public void OpenList()
    {
        if (IsEncoded)
        {
            EncodeListStart();
        }
    }

    /// <summary>An element of a list. One that is empty is shown whatever the use, since others follow.</summary>
    public void Element(scoped ReadOnlySpan<byte> text, bool isFirst)
    {
        if (!isFirst)
        {
            Buffer.Append(IsEncoded ? ElementSeparator : " "u8);
        }

        _kind = TextKind.Captured;
        if (text.IsEmpty && !IsEncoded && !IsQuoted)
        {
            Buffer.Append((byte)'-');
        }
        else
        {
            Text(text, TextKind.Captured);
        }
    }

    /// <summary>Ends a list.</summary>
    public void CloseList()
    {
        if (IsEncoded)
        {
            EncodeListEnd();
        }
    }

    /// <summary>A number; with a plus before it where it will still grow, or means more than it says.</summary>
    public void Number(long number, bool plus = false)
    {
        if (IsEncoded)
        {
            EncodeNumber(number);
            return;
        }

        if (plus)
        {
            Buffer.Append((byte)'+');
        }

        Buffer.Append(number);
    }

    /// <summary>A number that some want in hexadecimal.</summary>
    /// <param name="number">The number.</param>
    /// <param name="hexDigits">How many hexadecimal digits it has at least.</param>
    /// <param name="digits">How many decimal ones.</param>
    public void Number(long number, int hexDigits, int digits)
    {
        if (IsHex)
        {
            Span<byte> hex = stackalloc byte[16];
            number.TryFormat(hex, out var length, hexDigits == 3 ? "X3" : "X4", provider: null);
            Text(hex[..length], TextKind.Fixed);
        }
        else if (IsEncoded)
        {
            EncodeNumber(number);
        }
        else
        {
            Buffer.AppendDigits(number, digits);
        }
    }

    /// <summary>A number that is not there.</summary>
    public void NoNumber()
    {
        if (IsEncoded)
        {
            EncodeNull();
        }
        else
        {
            Text(default);
        }
    }

    /// <summary>Bytes as they are, where that was asked for.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (IsEncoded)
        {
            EncodeBytes(bytes);
        }
        else
        {
            Buffer.Append(bytes);
        }
    }

    /// <summary>An address without its port.</summary>
    public void Address(EndPoint? endPoint)
    {
        switch (endPoint)
        {
            case IPEndPoint ip:
                Span<byte> text = stackalloc byte[AddressText.MaxLength];
                text = text[..AddressText.Write(ip.Address, text, IsHex)];
                Text(text, IsHex ? TextKind.Fixed : TextKind.Name);
                break;
            case UnixDomainSocketEndPoint:
                Text("unix"u8);
                break;
            default:
                Text(default);
                break;
        }
    }

    /// <summary>The port of an address.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="stand">What stands for the port of a unix socket.</param>
    public void Port(EndPoint? endPoint, int stand)
    {
        switch (endPoint)
        {
            case IPEndPoint ip:
                Number(ip.Port, hexDigits: 4, digits: 1);
                break;
            case UnixDomainSocketEndPoint:
                Number(stand, hexDigits: 4, digits: 1);
                break;
            default:
                NoNumber();
                break;
        }
    }
}
