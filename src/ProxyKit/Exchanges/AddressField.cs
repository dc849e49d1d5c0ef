using System.Net;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Exchanges;

/// <summary>A field that tells servers an address, ready to be added.</summary>
/// <param name="options">What is wanted.</param>
/// <param name="usualName">Its name where nothing was said.</param>
internal sealed class AddressField(AddressFieldOptions options, string usualName)
{
    private const int LongestAddress = 65; // what IPAddress.TryFormat may need, a scope id included

    private readonly byte[] _name = Encoding.Latin1.GetBytes((options.Name ?? usualName).ToLowerInvariant());
    private readonly AddressRanges? _except = options.Except.Count == 0 ? null : AddressRanges.Parse([.. options.Except], nameof(options.Except));

    /// <summary>Adds the field that a frontend and a backend want; either may want none.</summary>
    public static void Add(RequestHead request, AddressField? frontend, AddressField? backend, EndPoint? end)
    {
        if ((backend ?? frontend) is not { } wanted || end is not IPEndPoint { Address: var address } // a unix socket has none
            || frontend?.LeavesOut(address) == true || backend?.LeavesOut(address) == true)
        {
            return;
        }

        var isLeft = (frontend?.OnlyWhereMissing ?? true) && (backend?.OnlyWhereMissing ?? true);
        if (isLeft && IsThere(request.Headers, wanted._name))
        {
            return;
        }

        Span<byte> text = stackalloc byte[LongestAddress];
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryFormat(text, out var length);
        request.Headers.Add(wanted._name, text[..length]);
    }

    private bool OnlyWhereMissing => options.OnlyWhereMissing;

    private bool LeavesOut(IPAddress address) => _except?.Contains(address) == true;

    private static bool IsThere(HeaderBlock headers, byte[] name) => new HeaderValues(headers, name, isWhole: true).MoveNext();
}
