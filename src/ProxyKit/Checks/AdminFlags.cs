namespace ProxyKit.Checks;

/// <summary>Who took a server out, or has it drain. The numbers are those that HAProxy shows.</summary>
[Flags]
internal enum AdminFlags
{
    None = 0,

    /// <summary>Maintenance, by a person, a program or the agent.</summary>
    ForcedMaintenance = 0x01,

    /// <summary>Maintenance of the server that it tracks.</summary>
    InheritedMaintenance = 0x02,

    /// <summary>Remembers that the forced maintenance comes from the configuration.</summary>
    ConfiguredMaintenance = 0x04,

    /// <summary>Drain, by a person, a program or the agent.</summary>
    ForcedDrain = 0x08,

    /// <summary>Drain of the server that it tracks.</summary>
    InheritedDrain = 0x10,

    /// <summary>Its name leads nowhere.</summary>
    Unresolved = 0x20,

    Maintenance = ForcedMaintenance | InheritedMaintenance | Unresolved,

    Drain = ForcedDrain | InheritedDrain,
}
