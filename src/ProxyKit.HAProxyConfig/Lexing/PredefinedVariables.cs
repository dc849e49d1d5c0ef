using System.Collections;
using System.Net;
using ProxyKit.HAProxyConfig.Preprocessing;

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>The variables that a configuration finds without having set them.</summary>
internal static class PredefinedVariables
{
    private const string HttpLog =
        "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

    private const string TcpLog = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";

    private const string HttpsLog =
        HttpLog + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc";

    private const string HttpClfLog =
        "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl";

    private const string TcpClfLog =
        "%{+Q}o %{-Q}ci - - [%T] \"TCP \" 000 %B \"\" \"\" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq \"\" \"\"";

    /// <summary>The environment of the process.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfProcess()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            yield return new((string)variable.Key, (string?)variable.Value ?? "");
        }
    }

    public static void Add(ConfigVariables variables, List<ConfigFile> files, HAProxyConfigurationOptions options)
    {
        variables.Set("HAPROXY_CFGFILES", string.Join(';', files.Select(static f => f.Name)));
        variables.Set("HAPROXY_LOCALPEER", options.LocalPeer ?? Dns.GetHostName());
        variables.Set("HAPROXY_HTTP_LOG_FMT", HttpLog);
        variables.Set("HAPROXY_HTTPS_LOG_FMT", HttpsLog);
        variables.Set("HAPROXY_TCP_LOG_FMT", TcpLog);
        variables.Set("HAPROXY_HTTP_CLF_LOG_FMT", HttpClfLog);
        variables.Set("HAPROXY_TCP_CLF_LOG_FMT", TcpClfLog);
        variables.Set("HAPROXY_BRANCH", ConditionFacts.Branch);
        variables.Set("HAPROXY_STARTUP_VERSION", ConditionFacts.Version.ToString());
        variables.Set("HAPROXY_CLI", "");
        variables.Unset("HAPROXY_MWORKER"); // there is no master process
    }
}
