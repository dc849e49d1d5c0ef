namespace ProxyKit.Conformance.HAProxy;

/// <summary>A server that answers one request after the other as is written, well or badly.</summary>
/// <param name="answers">What it sends, as it is.</param>
internal sealed class ServerScript(string[] answers)
{
    /// <summary>It closes in the place of an answer.</summary>
    public const string Nothing = "";

    /// <summary>It says nothing until the proxy goes.</summary>
    public const string Silence = "…";

    /// <summary>It sends what is no answer, and closes.</summary>
    public const string Junk = "SSH-2.0-none\r\n\r\n";

    /// <summary>It closes within its answer.</summary>
    public const string Cut = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";

    /// <summary>It closes before its answer has come to the body.</summary>
    public const string CutHead = "HTTP/1.1 200 OK\r\nContent-Le";

    private int _requests;

    /// <summary>A short answer with a status.</summary>
    public static string Status(int status) => $"HTTP/1.1 {status} As Told\r\nContent-Length: 3\r\n\r\n{status}";

    public async Task AnswerAsync(WireExchange exchange)
    {
        var answer = answers[Math.Min(Interlocked.Increment(ref _requests), answers.Length) - 1];
        if (answer == Silence)
        {
            await exchange.Wire.ReadSomeAsync();
        }
        else if (answer.Length > 0)
        {
            await exchange.AnswerRawAsync(answer);
        }

        if (answer is Silence or Nothing or Junk or Cut or CutHead)
        {
            exchange.Close();
        }
    }
}
