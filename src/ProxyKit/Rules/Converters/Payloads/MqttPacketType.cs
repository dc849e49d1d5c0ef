namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>The packets of MQTT that are looked at, by their numbers.</summary>
internal enum MqttPacketType
{
    None = 0,
    Connect = 1,
    ConnectAnswer = 2,
}
