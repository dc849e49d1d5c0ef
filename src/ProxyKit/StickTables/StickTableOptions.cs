namespace ProxyKit.StickTables;

/// <summary>A table of counters by key: client address, token, session. HAProxy: <c>stick-table</c>.</summary>
public sealed class StickTableOptions
{
    /// <summary>The name, for rules; unique among tables.</summary>
    public required string Name { get; init; }

    /// <summary>What the keys are. HAProxy: <c>type</c>.</summary>
    public StickKeyType KeyType { get; set; } = StickKeyType.IPv6;

    /// <summary>How many bytes a string or binary key has. Longer ones are cut, shorter binary ones padded with zeros. HAProxy: <c>len</c>.</summary>
    /// <value>32 by default; 1 or more.</value>
    public int KeyLength { get; set; } = 32;

    /// <summary>How many entries the table holds. Once it is full the entries that were not used for longest leave, unless they are in use or
    /// <see cref="KeepsOld"/> says otherwise. HAProxy: <c>size</c>.</summary>
    /// <value>1 or more.</value>
    public required int Size { get; set; }

    /// <summary>How long an entry stays after its last use. HAProxy: <c>expire</c>.</summary>
    /// <value>Null by default: until the table is full.</value>
    public TimeSpan? Expire { get; set; }

    /// <summary>Whether a full table takes no new keys, rather than letting old ones go. HAProxy: <c>nopurge</c>.</summary>
    public bool KeepsOld { get; set; }

    /// <summary>What is counted for each key. What is not listed here is not counted. HAProxy: <c>store</c>.</summary>
    public IList<StickData> Store { get; } = [];

    /// <summary>How a table that keeps servers names them, their number aside. HAProxy: <c>srvkey</c>.</summary>
    /// <value>By name by default.</value>
    public StickServerKey ServerKey { get; set; }

    /// <summary>What byte rates are divided by. HAProxy: <c>brates-factor</c>.</summary>
    /// <value>1 by default; 1 to 1024.</value>
    public int ByteRateFactor { get; set; } = 1;

    /// <summary>The same for a table that rules stick to: it keeps servers, whether or not that was asked for.</summary>
    internal StickTableOptions WithServers()
    {
        var options = new StickTableOptions
        {
            Name = Name,
            KeyType = KeyType,
            KeyLength = KeyLength,
            Size = Size,
            Expire = Expire,
            KeepsOld = KeepsOld,
            ServerKey = ServerKey,
            ByteRateFactor = ByteRateFactor,
        };
        foreach (var data in Store.Append(new StickData(StickDataType.ServerId)).Append(new StickData(StickDataType.ServerKey)))
        {
            options.Store.Add(data);
        }

        return options;
    }
}

/// <summary>How a stick table names servers. HAProxy: <c>srvkey</c>.</summary>
public enum StickServerKey
{
    /// <summary>By their names, which hold over reloads and between backends that give the same server the same name.</summary>
    Name,

    /// <summary>By their addresses.</summary>
    Address,
}

/// <summary>What the keys of a stick table are.</summary>
public enum StickKeyType
{
    /// <summary>IPv4 addresses; those of IPv6 that stand for one are taken as it. HAProxy: <c>ip</c>, <c>ipv4</c>.</summary>
    IPv4,

    /// <summary>IPv6 addresses; those of IPv4 are mapped. HAProxy: <c>ipv6</c>.</summary>
    IPv6,

    /// <summary>Integers of 32 bits. HAProxy: <c>integer</c>.</summary>
    Integer,

    /// <summary>Strings. HAProxy: <c>string</c>.</summary>
    String,

    /// <summary>Bytes of a fixed length. HAProxy: <c>binary</c>.</summary>
    Binary,
}

/// <summary>Something that a table counts.</summary>
/// <param name="Type">What.</param>
/// <param name="Period">For a rate, the period it is told over; null otherwise.</param>
/// <param name="Count">For an array, how many elements it has, 1 to 100; 1 otherwise.</param>
public sealed record StickData(StickDataType Type, TimeSpan? Period = null, int Count = 1);

/// <summary>What a stick table can count. The order is that in which tables are shown. HAProxy: the words behind <c>store</c>.</summary>
public enum StickDataType
{
    /// <summary>The number of the server that the key sticks to. <c>server_id</c></summary>
    ServerId,

    /// <summary>A tag that rules set. <c>gpt0</c></summary>
    Tag0,

    /// <summary>A counter of the rules' own. <c>gpc0</c></summary>
    Counter0,

    /// <summary>Its rate. <c>gpc0_rate</c></summary>
    Counter0Rate,

    /// <summary>Connections tracked ever. <c>conn_cnt</c></summary>
    Connections,

    /// <summary>Connections per period. <c>conn_rate</c></summary>
    ConnectionRate,

    /// <summary>Connections tracked now. <c>conn_cur</c></summary>
    CurrentConnections,

    /// <summary>Connections that the rules for new connections let in. <c>sess_cnt</c></summary>
    Sessions,

    /// <summary>The same per period. <c>sess_rate</c></summary>
    SessionRate,

    /// <summary>Requests. <c>http_req_cnt</c></summary>
    Requests,

    /// <summary>Requests per period. <c>http_req_rate</c></summary>
    RequestRate,

    /// <summary>Errors of the client: refused or invalid requests, statuses from 400 to 499. <c>http_err_cnt</c></summary>
    Errors,

    /// <summary>The same per period. <c>http_err_rate</c></summary>
    ErrorRate,

    /// <summary>Bytes from the client. <c>bytes_in_cnt</c></summary>
    BytesIn,

    /// <summary>The same per period. <c>bytes_in_rate</c></summary>
    BytesInRate,

    /// <summary>Bytes to the client. <c>bytes_out_cnt</c></summary>
    BytesOut,

    /// <summary>The same per period. <c>bytes_out_rate</c></summary>
    BytesOutRate,

    /// <summary>A second counter of the rules' own. <c>gpc1</c></summary>
    Counter1,

    /// <summary>Its rate. <c>gpc1_rate</c></summary>
    Counter1Rate,

    /// <summary>The name or address of the server that the key sticks to. <c>server_key</c></summary>
    ServerKey,

    /// <summary>Failures of the server: statuses from 500 on without 501 and 505, and responses that cannot be read or do not come.
    /// <c>http_fail_cnt</c></summary>
    Failures,

    /// <summary>The same per period. <c>http_fail_rate</c></summary>
    FailureRate,

    /// <summary>An array of tags. <c>gpt(n)</c></summary>
    Tags,

    /// <summary>An array of counters. <c>gpc(n)</c></summary>
    Counters,

    /// <summary>An array of their rates. <c>gpc_rate(n,period)</c></summary>
    CounterRates,

    /// <summary>What clients have sent that nobody must send, whether it was let pass or not. <c>glitch_cnt</c></summary>
    Glitches,

    /// <summary>The same per period. <c>glitch_rate</c></summary>
    GlitchRate,
}
