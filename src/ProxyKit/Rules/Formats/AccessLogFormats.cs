namespace ProxyKit;

/// <summary>The formats that HAProxy's options stand for, for the option <c>LogFormat</c> of frontends.</summary>
public static class AccessLogFormats
{
    /// <summary>HAProxy: <c>option httplog</c>.</summary>
    public const string Http =
        "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r";

    /// <summary>HAProxy: <c>option tcplog</c>.</summary>
    public const string Tcp = "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq";

    /// <summary>HAProxy: <c>option httpslog</c>.</summary>
    public const string Https =
        Http + " %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc";

    /// <summary>As web servers write it, with what they do not know behind it. HAProxy: <c>option httplog clf</c>.</summary>
    public const string Clf =
        "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta "
        + "%tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl";

    /// <summary>The same for connections. HAProxy: <c>option tcplog clf</c>.</summary>
    public const string TcpClf =
        "%{+Q}o %{-Q}ci - - [%T] \"TCP \" 000 %B \"\" \"\" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U "
        + "%ts-- %ac %fc %bc %sc %rc %sq %bq \"\" \"\"";
}
