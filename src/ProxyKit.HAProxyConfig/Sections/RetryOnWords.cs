using System.Globalization;
using ProxyKit.Backends;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What <c>retry-on</c> names. A line takes the place of an earlier one.</summary>
internal static class RetryOnWords
{
    private static readonly int[] Statuses = [401, 403, 404, 408, 421, 425, 429, 500, 501, 502, 503, 504];

    private static readonly int[] RetryableStatuses = [500, 502, 503, 504];

    private const RetryCauses AllCauses =
        RetryCauses.ConnectFailure | RetryCauses.EmptyResponse | RetryCauses.JunkResponse | RetryCauses.ResponseTimeout;

    public static void Read(Statement s)
    {
        var causes = RetryCauses.None;
        var statuses = new SortedSet<int>();
        foreach (var (i, word) in s.Arguments.Index())
        {
            switch (word.Text)
            {
                case "none":
                    if (s.Arguments.Count > 1)
                    {
                        s.Alert(i, "'retry-on' : 'none' keyword only usable alone");
                    }

                    break;
                case "conn-failure":
                    causes |= RetryCauses.ConnectFailure;
                    break;
                case "empty-response":
                    causes |= RetryCauses.EmptyResponse;
                    break;
                case "junk-response":
                    causes |= RetryCauses.JunkResponse;
                    break;
                case "response-timeout":
                    causes |= RetryCauses.ResponseTimeout;
                    break;
                case "0rtt-rejected":
                    break; // servers are sent no early data, so they reject none
                case "all-retryable-errors":
                    causes |= AllCauses;
                    statuses.UnionWith(RetryableStatuses);
                    break;
                default:
                    if (int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && Statuses.Contains(status))
                    {
                        statuses.Add(status);
                    }
                    else
                    {
                        s.Alert(i, $"'retry-on' : unknown keyword '{word.Text}'");
                    }

                    break;
            }
        }

        (s.Proxy.Settings.RetryOn, s.Proxy.Settings.RetryOnStatuses) = (causes, [.. statuses]);
    }
}
