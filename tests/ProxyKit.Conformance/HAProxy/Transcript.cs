using System.Text;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>What happened in a case, in a form in which two proxies can be compared: field names in lower case, and nothing that differs from run
/// to run.</summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();

    public void Response(int step, WireMessage? response)
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"step {step}: ");
        if (response is null)
        {
            _text.Append("closed without a response\n");
            return;
        }

        Append(response);
    }

    public void Request(string server, WireMessage request)
    {
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{server} received: ");
        Append(request);
    }

    public void Note(string text) => _text.Append(text).Append('\n');

    /// <summary>The text, with the addresses of this run as the case writes them.</summary>
    public string ToString(IReadOnlyDictionary<string, string> names) =>
        names.OrderByDescending(static n => n.Value.Length).Aggregate(_text.ToString(), static (text, name) => text.Replace(name.Value, name.Key, StringComparison.Ordinal));

    private void Append(WireMessage message)
    {
        _text.Append(message.StartLine).Append('\n');
        foreach (var (name, value) in message.Headers)
        {
            _text.Append("  ").Append(name.ToLowerInvariant()).Append(": ").Append(value).Append('\n');
        }

        if (message.Body.Length > 0)
        {
            _text.Append("  | ").Append(message.Text.Replace("\n", "\n  | ", StringComparison.Ordinal)).Append('\n');
        }
    }
}
