module mayfly.io/examples/checkout/shop

go 1.19

require mayfly.io/clients/go v0.0.0

replace mayfly.io/clients/go => ../../../clients/go
