//! The till sells what the shop put into the cart that both share: it books each item's price, and
//! takes the item out. Killed between the two, it books again when it comes back; the booking's
//! idempotency key is the item's number, so it has one effect.

use mayfly::{Client, Error, ProblemKind};
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Deserialize, Serialize)]
struct Item {
    number: u64,
    price: u64,
}

#[derive(Clone, Deserialize, Serialize)]
struct Cart {
    items: Option<Vec<Item>>,
    added: u64,
    full: bool,
}

enum Sale {
    Sold(Item),
    Nothing,
    Over,
}

fn main() -> mayfly::Result<()> {
    let name = std::env::args().nth(1).expect("usage: till CART");
    let client = Client::from_env()?;
    loop {
        match sell(&client, &name) {
            Ok(Sale::Sold(item)) => println!("sold {} for {}", item.number, item.price),
            Ok(Sale::Nothing) => std::thread::sleep(Duration::from_millis(5)),
            Ok(Sale::Over) => return Ok(()),
            Err(error) if passes(&error) => eprintln!("again: {error}"),
            Err(error) => return Err(error),
        }
    }
}

/// Whether a sale is to be tried again: somebody else has the lock, or no answer came. What was
/// booked already is not booked again.
fn passes(error: &Error) -> bool {
    matches!(error, Error::LeaseLost | Error::Deadline(_))
        || matches!(
            error.kind(),
            Some(ProblemKind::LeaseHeld | ProblemKind::LeaseLost | ProblemKind::StaleFence)
        )
}

fn sell(client: &Client, name: &str) -> mayfly::Result<Sale> {
    let lock = client
        .lease("checkout", name)
        .holder(format!("till-{}", std::process::id()))
        .ttl(Duration::from_secs(3))
        .wait(Duration::from_secs(1))
        .acquire()?;
    let checkout = client.namespace("checkout");
    let cart = match checkout.find::<Cart>(name)? {
        Some(entry) => entry.value,
        None => return Ok(Sale::Nothing),
    };
    let item = match cart.items.as_deref().and_then(|items| items.first()) {
        Some(item) => item.clone(),
        None if cart.full => return Ok(Sale::Over),
        None => return Ok(Sale::Nothing),
    };
    checkout
        .increment(&format!("{name}-sold"), item.price)?
        .idempotency_key(&format!("item-{}", item.number))
        .send()?;
    let token = lock.fence()?;
    checkout.update::<Cart>(
        name,
        |standing| {
            let mut cart = standing.unwrap_or_else(|| cart.clone());
            if let Some(items) = &mut cart.items {
                items.retain(|other| other.number != item.number);
            }
            cart
        },
        |put| put.fence(token),
    )?;
    lock.release()?;
    Ok(Sale::Sold(item))
}
